import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '../../api/client.ts'
import { clientTokensQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { Ago } from '../../ui/ago.tsx'
import { Table } from '../../ui/table.tsx'
import { useDate } from '../../ui/time.ts'

/** Tokens for clients that were not used yet, and a way to revoke them. Nothing when there is none. */
export function ClientTokens() {
  const t = useText()
  const date = useDate()
  const client = useQueryClient()
  const waiting = useQuery(clientTokensQuery).data?.filter(({ state }) => state === 'unused') ?? []
  const revoke = useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/v1/client-tokens/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['client-tokens'] }),
  })
  if (waiting.length === 0) return null
  return (
    <Table
      label={t('Tokens')}
      rows={waiting}
      rowKey={(row) => row.id}
      columns={[
        { title: t('Token'), cell: (row) => <code>{row.title}…</code> },
        { title: t('State'), cell: (row) => t(row.state) },
        { title: t('Created'), cell: (row) => <Ago at={row.created} /> },
        { title: t('Expires'), cell: (row) => date(row.expires) },
        {
          title: t('Action'),
          end: true,
          cell: (row) => (
            <Button size="compact-xs" variant="default" onClick={() => revoke.mutate(row.id)}>
              {t('Revoke')}
            </Button>
          ),
        },
      ]}
    />
  )
}
