import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { partitionsQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { Empty, Loaded } from '../../ui/states.tsx'
import { StatusCell } from '../../ui/status.tsx'
import { Table } from '../../ui/table.tsx'

export function Partitions({ computer }: { readonly computer: string }) {
  const t = useText()
  const partitions = useQuery(partitionsQuery(computer))
  return (
    <Loaded query={partitions}>
      {(rows) =>
        rows.length === 0 ? (
          <Empty title={t('No partition yet')}>
            {t('Run this on the server:')} <code>slapos node format --now</code>
          </Empty>
        ) : (
          <Table
            label={t('Partitions')}
            rows={rows}
            rowKey={(row) => row.partition}
            columns={[
              { title: t('Partition'), cell: (row) => <code>{row.partition}</code> },
              {
                title: t('Service'),
                cell: (row) =>
                  row.instance ? (
                    <Link to="/services/$reference" params={{ reference: row.instance.service }}>
                      {row.instance.serviceTitle}
                      {row.instance.title !== row.instance.serviceTitle && ` / ${row.instance.title}`}
                    </Link>
                  ) : (
                    <span className="faint">{t('free')}</span>
                  ),
              },
              { title: t('Status'), cell: (row) => row.instance && <StatusCell status={row.instance.status} /> },
              {
                title: t('Addresses'),
                wide: true,
                cell: (row) => <span className="mono dim">{row.addresses.join(', ')}</span>,
              },
            ]}
          />
        )
      }
    </Loaded>
  )
}
