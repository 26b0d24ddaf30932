import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api/client.ts'
import { serverQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { Dialog } from '../../ui/dialog.tsx'

export function RenameServer({ computer, title }: { readonly computer: string; readonly title: string }) {
  const t = useText()
  const client = useQueryClient()
  const [next, setNext] = useState<string | undefined>()
  const rename = useMutation({
    mutationFn: (wanted: string) =>
      answer(api.PATCH('/api/v1/servers/{computer}', { params: { path: { computer } }, body: { title: wanted } })),
    onSuccess: (server) => {
      client.setQueryData(serverQuery(computer).queryKey, server)
      setNext(undefined)
    },
  })
  return (
    <>
      <Button variant="default" onClick={() => setNext(title)}>
        {t('Rename')}
      </Button>
      <Dialog opened={next !== undefined} onClose={() => setNext(undefined)} title={t('Rename')} size="sm">
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault()
            rename.mutate(next ?? '')
          }}
        >
          <TextInput
            data-autofocus
            required
            label={t('Title')}
            value={next ?? ''}
            onChange={(event) => setNext(event.currentTarget.value)}
          />
          <Button type="submit" loading={rename.isPending}>
            {t('Save')}
          </Button>
        </form>
      </Dialog>
    </>
  )
}
