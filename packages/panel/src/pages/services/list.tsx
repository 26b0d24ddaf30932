import { IconPlus } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { ServiceItem } from '../../api/generated/schema.ts'
import { servicesQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { Ago } from '../../ui/ago.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { PagedList } from '../../ui/list.tsx'
import { Page } from '../../ui/page.tsx'
import { ServerLink } from '../../ui/server-link.tsx'
import { Empty } from '../../ui/states.tsx'
import { StatusCell } from '../../ui/status.tsx'
import { type Column, Table } from '../../ui/table.tsx'

export function ServicesPage() {
  const t = useText()
  const navigate = useNavigate({ from: '/services' })
  const search = useSearch({ from: '/shell/services' })
  const services = useInfiniteQuery(servicesQuery(search))
  const add = (
    <LinkButton to="/services/add" leftSection={<IconPlus size={15} />}>
      {t('Add')}
    </LinkButton>
  )
  return (
    <Page title={t('Services')} actions={add}>
      <PagedList
        query={services}
        state={search}
        onState={(next) => void navigate({ search: next, replace: true })}
        empty={
          <Empty title={t('No service yet')}>
            <p>{t('Choose software, fill in its form, and watch it start.')}</p>
            {add}
          </Empty>
        }
      >
        {(rows) => (
          <Table
            label={t('Services')}
            rows={rows}
            rowKey={(row) => row.reference}
            columns={columns(t)}
            sort={search.sort}
            onSort={(sort) => void navigate({ search: { ...search, sort }, replace: true })}
            onOpen={(row) => void navigate({ to: '/services/$reference', params: { reference: row.reference } })}
          />
        )}
      </PagedList>
    </Page>
  )
}

const columns = (t: ReturnType<typeof useText>): Column<ServiceItem>[] => [
  {
    title: t('Title'),
    sort: 'title',
    cell: (row) => (
      <Link to="/services/$reference" params={{ reference: row.reference }}>
        {row.title}
      </Link>
    ),
  },
  { title: t('Status'), cell: (row) => <StatusCell status={row.status} /> },
  {
    title: t('Software'),
    cell: (row) => (
      <span>
        {row.product} <span className="dim">{row.version}</span>
      </span>
    ),
  },
  {
    title: t('Type'),
    wide: true,
    cell: (row) => (
      <span className="dim">
        {row.softwareType} {row.shared && t('(slave)')}
      </span>
    ),
  },
  {
    title: t('Server'),
    cell: (row) => <ServerLink at={row} />,
  },
  { title: t('Reference'), wide: true, cell: (row) => <code>{row.reference}</code> },
  { title: t('Requested'), sort: 'created', wide: true, cell: (row) => <Ago at={row.created} /> },
]
