import { NativeSelect, Tabs } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { answer, api } from '../../api/client.ts'
import type { Scope, Server } from '../../api/generated/schema.ts'
import { serverQuery } from '../../api/queries.ts'
import { useText } from '../../text/text.ts'
import { Ago } from '../../ui/ago.tsx'
import { Reference } from '../../ui/copy.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { LogView } from '../../ui/log-view.tsx'
import { Facts, Page } from '../../ui/page.tsx'
import { ProcessTable } from '../../ui/processes.tsx'
import { PromiseTable } from '../../ui/promises.tsx'
import { Loaded } from '../../ui/states.tsx'
import { StatusLine } from '../../ui/status.tsx'
import { SubjectAudit } from '../../ui/subject-audit.tsx'
import { TabList } from '../../ui/tab-list.tsx'
import { tell } from '../../ui/tell.ts'
import { Uptime } from '../../ui/uptime.tsx'
import { UsageCharts } from '../../ui/usage.tsx'
import { WhyButton } from '../../ui/why.tsx'
import { Certificates } from './certificates.tsx'
import { Installations } from './installations.tsx'
import { Partitions } from './partitions.tsx'
import { RenameServer } from './rename.tsx'
import { SCOPE_TEXT } from './scopes.ts'
import { ServerSharing } from './sharing.tsx'

const TABS = ['software', 'partitions', 'processes', 'promises', 'usage', 'log', 'certificates', 'history'] as const
const TEXTS = {
  software: 'Supplied software',
  partitions: 'Partitions',
  processes: 'Processes',
  promises: 'Promises',
  usage: 'Usage',
  log: 'Log',
  certificates: 'Certificates',
  history: 'History',
} as const

export function ServerPage() {
  const t = useText()
  const { computer } = useParams({ from: '/shell/servers/$computer' })
  const server = useQuery(serverQuery(computer))
  return (
    <Page
      title={server.data?.title ?? computer}
      crumbs={[{ label: t('Servers'), link: { to: '/servers' } }]}
      under={server.data && <StatusLine status={server.data.status} />}
      actions={
        server.data && (
          <>
            <WhyButton name={computer} />
            <RenameServer computer={computer} title={server.data.title} />
            <LinkButton to="/servers/$computer/supply" params={{ computer }} leftSection={<IconDownload size={15} />}>
              {t('Supply software')}
            </LinkButton>
          </>
        )
      }
    >
      <Loaded query={server} lines={8}>
        {(data) => (
          <>
            <ServerFacts server={data} />
            <ServerTabs computer={computer} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function ServerTabs({ computer }: { readonly computer: string }) {
  const t = useText()
  const { tab = 'software' } = useSearch({ from: '/shell/servers/$computer' })
  const navigate = useNavigate({ from: '/servers/$computer' })
  return (
    <Tabs
      value={tab}
      onChange={(next) => void navigate({ search: { tab: next ?? 'software' }, replace: true })}
      keepMounted={false}
    >
      <TabList tabs={TABS.map((name) => [name, t(TEXTS[name])])} active={tab} />
      <Tabs.Panel value="software" pt="md">
        <Installations computer={computer} />
      </Tabs.Panel>
      <Tabs.Panel value="partitions" pt="md">
        <Partitions computer={computer} />
      </Tabs.Panel>
      <Tabs.Panel value="processes" pt="md">
        <ProcessTable of={{ server: computer }} />
      </Tabs.Panel>
      <Tabs.Panel value="promises" pt="md">
        <PromiseTable of={{ server: computer }} />
      </Tabs.Panel>
      <Tabs.Panel value="usage" pt="md">
        <UsageCharts computer={computer} partition="" />
      </Tabs.Panel>
      <Tabs.Panel value="log" pt="md">
        <LogView computer={computer} source="agent" />
      </Tabs.Panel>
      <Tabs.Panel value="certificates" pt="md">
        <Certificates computer={computer} />
      </Tabs.Panel>
      <Tabs.Panel value="history" pt="md">
        <SubjectAudit subject={computer} />
      </Tabs.Panel>
    </Tabs>
  )
}

const SCOPES: readonly Scope[] = ['open', 'close/maintenance', 'close/termination', 'close/forever']

function ServerFacts({ server }: { readonly server: Server }) {
  const t = useText()
  const client = useQueryClient()
  const change = useMutation({
    mutationFn: (scope: Scope) =>
      answer(
        api.PATCH('/api/v1/servers/{computer}', { params: { path: { computer: server.computer } }, body: { scope } }),
      ),
    onSuccess: (next) => {
      client.setQueryData(serverQuery(server.computer).queryKey, next)
      tell.done(t('Saved'))
    },
  })
  return (
    <Facts
      facts={[
        [t('Reference'), <Reference key="reference" value={server.computer} />],
        [t('Partitions in use'), `${server.busy} / ${server.partitions}`],
        [t('Last contact'), <Ago key="contact" at={server.contact} />],
        [t('Address'), server.address === '' ? '–' : <Reference key="address" value={server.address} />],
        [t('System'), server.system || '–'],
        [t('Agent'), server.agentVersion || '–'],
        [t('Last 24 hours'), <Uptime key="uptime" of={{ server: server.computer }} />, 'wide'],
        [
          t('Allocation'),
          <NativeSelect
            key="scope"
            aria-label={t('Allocation')}
            maw={230}
            value={server.scope}
            data={SCOPES.map((value) => ({ value, label: t(SCOPE_TEXT[value]) }))}
            onChange={({ currentTarget: { value } }) => {
              const scope = SCOPES.find((known) => known === value)
              if (scope) change.mutate(scope)
            }}
          />,
        ],
        [t('Who may use it'), <ServerSharing key={`${server.sharing} ${server.sharedWith}`} server={server} />],
      ]}
    />
  )
}
