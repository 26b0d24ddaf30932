import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { installationsQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { Ago } from '../../ui/ago.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { StatusCell } from '../../ui/status.tsx'
import { Table } from '../../ui/table.tsx'

/** The table "Supplied software" of a server. */
export function Installations({ computer }: { readonly computer: string }) {
  const t = useText()
  const navigate = useNavigate()
  const installations = useQuery(installationsQuery(computer))
  return (
    <Loaded query={installations}>
      {(rows) =>
        rows.length === 0 ? (
          <Empty title={t('No software on this server yet')}>
            <p>{t('Supply a release: the server builds it, then it can run services of it.')}</p>
            <LinkButton mt="sm" to="/servers/$computer/supply" params={{ computer }}>
              {t('Supply software')}
            </LinkButton>
          </Empty>
        ) : (
          <Table
            label={t('Supplied software')}
            rows={rows}
            rowKey={(row) => row.id}
            onOpen={(row) => void navigate({ to: '/servers/$computer/software/$id', params: { computer, id: row.id } })}
            columns={[
              {
                title: t('Software release'),
                cell: (row) => (
                  <Link to="/servers/$computer/software/$id" params={{ computer, id: row.id }}>
                    {row.product} {row.version !== '' && `(${row.version})`}
                  </Link>
                ),
              },
              { title: t('Status'), cell: (row) => <StatusCell status={row.status} /> },
              {
                title: t('Progress'),
                wide: true,
                cell: (row) =>
                  row.phase === '' ? (
                    <span className="faint">–</span>
                  ) : (
                    <span className="dim">
                      {row.phase} {row.steps > 0 && `${row.step}/${row.steps}`}
                    </span>
                  ),
              },
              { title: t('Instances'), cell: (row) => row.usage },
              { title: t('Requested'), wide: true, cell: (row) => <Ago at={row.requested} /> },
            ]}
          />
        )
      }
    </Loaded>
  )
}
