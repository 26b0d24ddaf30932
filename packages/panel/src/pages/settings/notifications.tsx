import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api/client.ts'
import { notificationsQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { Ago } from '../../ui/ago.tsx'
import { Copy } from '../../ui/copy.tsx'
import { Section } from '../../ui/page.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { tell } from '../../ui/tell.ts'

/** Where to say that something turned red, and green again. */
export function NotificationTargets() {
  const t = useText()
  const client = useQueryClient()
  const targets = useQuery(notificationsQuery)
  const refresh = () => client.invalidateQueries({ queryKey: ['notifications'] })
  const test = useMutation({
    mutationFn: (id: string) => answer(api.POST('/api/v1/notifications/{id}/test', { params: { path: { id } } })),
    onSuccess: async (target) => {
      if (target.lastError === '') tell.done(t('Sent'))
      else tell.failed(new Error(target.lastError))
      await refresh()
    },
  })
  const remove = useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/v1/notifications/{id}', { params: { path: { id } } })),
    onSuccess: refresh,
  })
  return (
    <Section title={t('Notifications')} note={t('When something turns red, and when it is green again')}>
      <NewTarget added={refresh} />
      <Loaded query={targets}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={t('No notifications yet')} />
          ) : (
            <Table
              label={t('Notifications')}
              rows={rows}
              rowKey={(row) => row.id}
              columns={[
                { title: t('Kind'), cell: (row) => t(row.kind) },
                { title: t('To'), cell: (row) => <span className="mono">{row.target}</span> },
                {
                  title: t('Signing secret'),
                  wide: true,
                  cell: (row) => (row.secret === '' ? '–' : <Copy value={row.secret} what={t('the signing secret')} />),
                },
                { title: t('Last sent'), cell: (row) => <Ago at={row.lastSent} /> },
                { title: t('Last error'), wide: true, cell: (row) => <span className="problem">{row.lastError}</span> },
                {
                  title: t('Action'),
                  end: true,
                  cell: (row) => (
                    <span className="row-end">
                      <Button size="compact-xs" variant="default" onClick={() => test.mutate(row.id)}>
                        {t('Test')}
                      </Button>
                      <Button size="compact-xs" variant="default" onClick={() => remove.mutate(row.id)}>
                        {t('Remove')}
                      </Button>
                    </span>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
    </Section>
  )
}

function NewTarget({ added }: { readonly added: () => Promise<unknown> }) {
  const t = useText()
  const [kind, setKind] = useState<'webhook' | 'email'>('webhook')
  const [target, setTarget] = useState('')
  const add = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/notifications', { body: { kind, target } })),
    onSuccess: async () => {
      setTarget('')
      await added()
    },
  })
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate()
      }}
    >
      <NativeSelect
        aria-label={t('Kind')}
        value={kind}
        data={[
          { value: 'webhook', label: t('webhook') },
          { value: 'email', label: t('email') },
        ]}
        onChange={(event) => setKind(event.currentTarget.value === 'email' ? 'email' : 'webhook')}
      />
      <TextInput
        aria-label={t('To')}
        required
        className="search"
        type={kind === 'email' ? 'email' : 'url'}
        placeholder={kind === 'email' ? 'you@example.com' : 'https://'}
        value={target}
        onChange={(event) => setTarget(event.currentTarget.value)}
      />
      <Button type="submit" loading={add.isPending}>
        {t('Add')}
      </Button>
    </form>
  )
}
