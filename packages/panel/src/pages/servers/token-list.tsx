import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answer, api } from '../../api/client.ts'
import { tokensQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { Ago } from '../../ui/ago.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { useDate } from '../../ui/time.ts'

/** Tokens made before: whether they were used, by whom, and a way to revoke the others. */
export function TokenList() {
  const t = useText()
  const date = useDate()
  const client = useQueryClient()
  const tokens = useQuery(tokensQuery)
  const revoke = useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  })
  return (
    <Loaded query={tokens}>
      {(rows) =>
        rows.length === 0 ? (
          <Empty title={t('No token yet')} />
        ) : (
          <Table
            label={t('Tokens')}
            rows={rows}
            rowKey={(row) => row.id}
            columns={[
              { title: t('Token'), cell: (row) => <code>{row.title}…</code> },
              { title: t('State'), cell: (row) => t(row.state) },
              {
                title: t('Server'),
                cell: (row) =>
                  row.computer === null ? (
                    <span className="faint">–</span>
                  ) : (
                    <Link to="/servers/$computer" params={{ computer: row.computer }}>
                      {row.computer}
                    </Link>
                  ),
              },
              { title: t('Created'), cell: (row) => <Ago at={row.created} /> },
              { title: t('Expires'), cell: (row) => date(row.expires) },
              {
                title: t('Action'),
                end: true,
                cell: (row) =>
                  row.state === 'unused' && (
                    <Button size="compact-xs" variant="default" onClick={() => revoke.mutate(row.id)}>
                      {t('Revoke')}
                    </Button>
                  ),
              },
            ]}
          />
        )
      }
    </Loaded>
  )
}
