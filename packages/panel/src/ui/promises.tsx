import { useQuery } from '@tanstack/react-query'
import type { PromiseItem } from '../api/generated/schema.ts'
import { type Of, promisesQuery, uptimeQuery } from '../api/queries.ts'
import { useText } from '../text/text.ts'
import { Ago } from './ago.tsx'
import { Empty, Loaded } from './states.tsx'
import { StatusCell } from './status.tsx'
import { HeartStrip } from './strip.tsx'
import { Table } from './table.tsx'
import { WhereCell } from './where.tsx'

/** The message has a column of its own. */
const statusOf = ({ ok, since }: PromiseItem) =>
  ok
    ? ({ color: 'green', word: 'Kept', reason: '', since } as const)
    : ({ color: 'red', word: 'Broken', reason: '', since } as const)

/** Results of checks, failing first. */
export function PromiseTable({ of, withServer = false }: { readonly of: Of; readonly withServer?: boolean }) {
  const t = useText()
  const promises = useQuery(promisesQuery(of))
  const uptime = useQuery(uptimeQuery(of, 24))
  const stripOf = (row: PromiseItem) =>
    uptime.data?.promises.find(
      ({ computer, partition, name }) => computer === row.computer && partition === row.partition && name === row.name,
    )?.strip
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
              { title: t('Where'), cell: (row) => <WhereCell at={row} withServer={withServer} /> },
              { title: t('Status'), cell: (row) => <StatusCell status={statusOf(row)} /> },
              { title: t('Message'), cell: (row) => row.message },
              {
                title: t('Last 24 hours'),
                wide: true,
                width: 220,
                cell: (row) => <HeartStrip strip={stripOf(row)} period={uptime.data} />,
              },
              { title: t('Checked'), wide: true, cell: (row) => <Ago at={row.checked} /> },
            ]}
          />
        )
      }}
    </Loaded>
  )
}
