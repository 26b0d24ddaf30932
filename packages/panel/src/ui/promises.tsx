import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type Of, promisesQuery } from '../api/queries.ts'
import { useText } from '../text/text.ts'
import { Ago } from './ago.tsx'
import { Empty, Loaded } from './states.tsx'
import { StatusPill } from './status.tsx'
import { Table } from './table.tsx'

/** Results of checks, failing first. */
export function PromiseTable({ of, withServer = false }: { readonly of: Of; readonly withServer?: boolean }) {
  const t = useText()
  const promises = useQuery(promisesQuery(of))
  return (
    <Loaded query={promises}>
      {(data) => {
        const rows = data.toSorted((a, b) => Number(a.ok) - Number(b.ok) || a.name.localeCompare(b.name))
        return rows.length === 0 ? (
          <Empty title={t('No promise')}>
            {t('Promises are checks that a service must pass. Results appear here by themselves.')}
          </Empty>
        ) : (
          <Table
            label={t('Promises')}
            rows={rows}
            rowKey={(row) => `${row.computer} ${row.partition} ${row.name}`}
            columns={[
              { title: t('Promise'), cell: (row) => <b>{row.name}</b> },
              {
                title: t('Status'),
                cell: (row) => (
                  <StatusPill
                    status={{
                      color: row.ok ? 'green' : 'red',
                      word: row.ok ? 'Kept' : 'Broken',
                      reason: row.message,
                      since: row.since,
                    }}
                  />
                ),
              },
              { title: t('Message'), cell: (row) => row.message },
              {
                title: t('Where'),
                wide: true,
                cell: (row) => (
                  <span className="dim">
                    {withServer && (
                      <Link to="/servers/$computer" params={{ computer: row.computer }}>
                        {row.computer}
                      </Link>
                    )}{' '}
                    {row.partition}
                  </span>
                ),
              },
              { title: t('Since'), cell: (row) => <Ago at={row.since} /> },
              { title: t('Checked'), wide: true, cell: (row) => <Ago at={row.checked} /> },
            ]}
          />
        )
      }}
    </Loaded>
  )
}
