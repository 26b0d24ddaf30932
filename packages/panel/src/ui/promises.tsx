import { useInfiniteQuery } from '@tanstack/react-query'
import type { PromiseItem } from '../api/generated/schema.ts'
import { type Of, promisesQuery } from '../api/queries.ts'
import { useText } from '../text/text.ts'
import { Ago } from './ago.tsx'
import { ShowMore } from './show-more.tsx'
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
  const promises = useInfiniteQuery(promisesQuery(of))
  return (
    <Loaded query={promises}>
      {({ pages }) => {
        const rows = pages.flatMap(({ items }) => items)
        return rows.length === 0 ? (
          <Empty title={t('No promise')}>
            {t('Promises are checks that a service must pass. Results appear here by themselves.')}
          </Empty>
        ) : (
          <div className="stack">
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
                  cell: (row) => <HeartStrip strip={row.strip} />,
                },
                { title: t('Checked'), wide: true, cell: (row) => <Ago at={row.checked} /> },
              ]}
            />
            <ShowMore query={promises} />
          </div>
        )
      }}
    </Loaded>
  )
}
