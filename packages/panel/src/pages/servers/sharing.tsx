import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api/client.ts'
import type { Server, Sharing } from '../../api/generated/schema.ts'
import { serverQuery } from '../../api/queries.ts'
import { type TextKey, useText } from '../../text/text.ts'
import { tell } from '../../ui/tell.ts'

const TEXTS: Readonly<Record<Sharing, TextKey>> = {
  project: 'Its project',
  named: 'Named projects, too',
  everybody: 'Everybody',
}
const SHARINGS: readonly Sharing[] = ['project', 'named', 'everybody']

/** Who may place services on a server. Those see it in their lists, and nothing of what runs there. */
export function ServerSharing({ server }: { readonly server: Server }) {
  const t = useText()
  const client = useQueryClient()
  const [sharing, setSharing] = useState(server.sharing)
  const [projects, setProjects] = useState(server.sharedWith.join(', '))
  const share = useMutation({
    mutationFn: (next: Sharing) =>
      answer(
        api.PUT('/api/v1/servers/{computer}/sharing', {
          params: { path: { computer: server.computer } },
          body: { sharing: next, projects: projects.split(/[\s,]+/).filter(Boolean) },
        }),
      ),
    onSuccess: (next) => {
      client.setQueryData(serverQuery(server.computer).queryKey, next)
      tell.done(t('Saved'))
    },
  })
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault()
        share.mutate(sharing)
      }}
    >
      <NativeSelect
        aria-label={t('Who may use it')}
        value={sharing}
        data={SHARINGS.map((value) => ({ value, label: t(TEXTS[value]) }))}
        onChange={({ currentTarget: { value } }) => {
          const next = SHARINGS.find((known) => known === value)
          if (!next) return
          setSharing(next)
          if (next !== 'named') share.mutate(next)
        }}
      />
      {sharing === 'named' && (
        <>
          <TextInput
            aria-label={t('Projects')}
            placeholder={server.project}
            title={t('References of projects; theirs are shown under Settings, People')}
            required
            w={150}
            value={projects}
            onChange={(event) => setProjects(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={share.isPending}>
            {t('Save')}
          </Button>
        </>
      )}
    </form>
  )
}
