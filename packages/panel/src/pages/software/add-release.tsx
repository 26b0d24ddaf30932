import { Button, TextInput } from '@mantine/core'
import { IconLink } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api/client.ts'
import { useText } from '../../text/text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { tell } from '../../ui/tell.ts'

export function AddRelease() {
  const t = useText()
  const client = useQueryClient()
  const [url, setUrl] = useState<string | undefined>()
  const add = useMutation({
    mutationFn: (wanted: string) => answer(api.POST('/api/v1/releases', { body: { url: wanted } })),
    onSuccess: async (descriptor) => {
      setUrl(undefined)
      tell.done(t('{name} is in the catalogue', { name: descriptor.name }))
      await client.invalidateQueries({ queryKey: ['products'] })
    },
  })
  return (
    <>
      <Button variant="default" leftSection={<IconLink size={15} />} onClick={() => setUrl('')}>
        {t('Add by URL')}
      </Button>
      <Dialog opened={url !== undefined} onClose={() => setUrl(undefined)} title={t('Add a release')}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault()
            add.mutate(url ?? '')
          }}
        >
          <TextInput
            data-autofocus
            required
            label={t('URL of the release')}
            description={t(
              'A software.cfg, a release folder or archive. The Master fetches its description and keeps it.',
            )}
            value={url ?? ''}
            onChange={(event) => setUrl(event.currentTarget.value)}
          />
          <Button type="submit" loading={add.isPending}>
            {t('Add')}
          </Button>
        </form>
      </Dialog>
    </>
  )
}
