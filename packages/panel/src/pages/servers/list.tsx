import { Button, Tabs } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { ServerItem } from '../../api/generated/schema.ts'
import { serversQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { Ago } from '../../ui/ago.tsx'
import { PagedList } from '../../ui/list.tsx'
import { Page } from '../../ui/page.tsx'
import { Empty } from '../../ui/states.tsx'
import { StatusCell, StatusPill } from '../../ui/status.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { SCOPE_TEXT } from './scopes.ts'
import { TokenDialog } from './token-dialog.tsx'
import { TokenList } from './token-list.tsx'

export function ServersPage() {
  const t = useText()
  const navigate = useNavigate({ from: '/servers' })
  const { add, ...list } = useSearch({ from: '/shell/servers' })
  const [token, setToken] = useState(add === true)
  const close = () => {
    setToken(false)
    if (add) void navigate({ search: list, replace: true })
  }
  return (
    <Page
      title={t('Servers')}
      actions={
        <Button leftSection={<IconPlus size={15} />} onClick={() => setToken(true)}>
          {t('Add a server')}
        </Button>
      }
    >
      <Tabs defaultValue="servers" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="servers">{t('Servers')}</Tabs.Tab>
          <Tabs.Tab value="tokens" leftSection={<IconKey size={14} />}>
            {t('Tokens')}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="servers" pt="md">
          <div className="stack">
            <ServerList add={() => setToken(true)} />
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="tokens" pt="md">
          <TokenList />
        </Tabs.Panel>
      </Tabs>
      {token && <TokenDialog close={close} />}
    </Page>
  )
}

function ServerList({ add }: { readonly add: () => void }) {
  const t = useText()
  const navigate = useNavigate({ from: '/servers' })
  const { add: _opened, ...search } = useSearch({ from: '/shell/servers' })
  const servers = useInfiniteQuery(serversQuery({ ...search, shared: true }))
  return (
    <PagedList
      query={servers}
      state={search}
      onState={(next) => void navigate({ search: next, replace: true })}
      empty={
        <Empty title={t('No server yet')}>
          <p>{t('Any Debian machine can join: make a token and paste one line on it.')}</p>
          <Button mt="sm" onClick={add}>
            {t('Add a server')}
          </Button>
        </Empty>
      }
    >
      {(rows) => (
        <Table
          label={t('Servers')}
          rows={rows}
          rowKey={(row) => row.computer}
          columns={columns(t)}
          sort={search.sort}
          onSort={(sort) => void navigate({ search: { ...search, sort }, replace: true })}
          onOpen={(row) => {
            if (row.sharedBy === null) void navigate({ to: '/servers/$computer', params: { computer: row.computer } })
          }}
        />
      )}
    </PagedList>
  )
}

/** Three areas in a row: the row opens the server, the two indicators what runs on it. */
const columns = (t: ReturnType<typeof useText>): Column<ServerItem>[] => [
  {
    title: t('Title'),
    sort: 'title',
    cell: (row) =>
      row.sharedBy === null ? (
        <Link to="/servers/$computer" params={{ computer: row.computer }}>
          {row.title}
        </Link>
      ) : (
        <span>
          <b>{row.title}</b>
          <span className="dim small block">{t('shared by {project}', { project: row.sharedBy })}</span>
        </span>
      ),
  },
  { title: t('Reference'), sort: 'reference', cell: (row) => <code>{row.computer}</code> },
  {
    title: t('Server'),
    cell: (row) =>
      row.sharedBy === null ? (
        <Link to="/servers/$computer" params={{ computer: row.computer }} search={{ tab: 'processes' }}>
          <StatusCell status={row.status} />
        </Link>
      ) : (
        <StatusCell status={row.status} />
      ),
  },
  {
    title: t('Partitions'),
    cell: (row) =>
      row.sharedBy !== null ? (
        <span className="faint">–</span>
      ) : row.busy === 0 ? (
        <StatusPill status={row.partitionsStatus} />
      ) : (
        <Link to="/servers/$computer" params={{ computer: row.computer }} search={{ tab: 'partitions' }}>
          <StatusPill status={row.partitionsStatus} />
        </Link>
      ),
  },
  {
    title: t('In use'),
    wide: true,
    cell: (row) => (
      <span className="dim">
        {row.busy} / {row.partitions}
      </span>
    ),
  },
  { title: t('Allocation'), wide: true, cell: (row) => <span className="dim">{t(SCOPE_TEXT[row.scope])}</span> },
  { title: t('Last contact'), wide: true, cell: (row) => <Ago at={row.contact} /> },
]
