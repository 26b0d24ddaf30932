import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { Service } from '../../api/generated/schema.ts'
import { serviceQuery } from '../../api/queries.ts'
import { quoted, requestCommand } from '../../form/command-line.ts'
import { useText } from '../../text/text.ts'
import { Ago } from '../../ui/ago.tsx'
import { Reference } from '../../ui/copy.tsx'
import { InAShell } from '../../ui/in-a-shell.tsx'
import { Facts, Page, Section } from '../../ui/page.tsx'
import { ProcessTable } from '../../ui/processes.tsx'
import { PromiseTable } from '../../ui/promises.tsx'
import { ServerLink } from '../../ui/server-link.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { StatusLine } from '../../ui/status.tsx'
import { TabList } from '../../ui/tab-list.tsx'
import { Uptime } from '../../ui/uptime.tsx'
import { UsageCharts } from '../../ui/usage.tsx'
import { WhyButton } from '../../ui/why.tsx'
import { ServiceActions } from './actions.tsx'
import { ConnectionTable } from './connection.tsx'
import { EditParameters } from './edit-parameters.tsx'
import { ServiceHistory } from './history.tsx'
import { InstanceTree } from './instance-tree.tsx'
import { ServiceLogs } from './logs.tsx'

const TABS = ['overview', 'parameters', 'processes', 'promises', 'logs', 'usage', 'history'] as const
const TEXTS = {
  overview: 'Overview',
  parameters: 'Parameters',
  processes: 'Processes',
  promises: 'Promises',
  logs: 'Logs',
  usage: 'Usage',
  history: 'History',
} as const

export function ServicePage() {
  const t = useText()
  const { reference } = useParams({ from: '/shell/services/$reference' })
  const service = useQuery(serviceQuery(reference))
  return (
    <Page
      title={service.data?.title ?? reference}
      crumbs={[{ label: t('Services'), link: { to: '/services' } }]}
      under={service.data && <StatusLine status={service.data.status} />}
      actions={
        service.data && (
          <>
            <WhyButton name={reference} />
            <ServiceActions service={service.data} />
          </>
        )
      }
    >
      <Loaded query={service} lines={8}>
        {(data) => <ServiceTabs service={data} />}
      </Loaded>
    </Page>
  )
}

function ServiceTabs({ service }: { readonly service: Service }) {
  const t = useText()
  const { tab = 'overview' } = useSearch({ from: '/shell/services/$reference' })
  const navigate = useNavigate({ from: '/services/$reference' })
  const of = { service: service.reference }
  const root = service.instances[0]
  return (
    <Tabs
      value={tab}
      onChange={(next) => void navigate({ search: { tab: next ?? 'overview' }, replace: true })}
      keepMounted={false}
    >
      <TabList tabs={TABS.map((name) => [name, t(TEXTS[name])])} active={tab} />
      <Tabs.Panel value="overview" pt="md">
        <Overview service={service} />
      </Tabs.Panel>
      <Tabs.Panel value="parameters" pt="md">
        <EditParameters service={service} />
      </Tabs.Panel>
      <Tabs.Panel value="processes" pt="md">
        <ProcessTable of={of} />
      </Tabs.Panel>
      <Tabs.Panel value="promises" pt="md">
        <PromiseTable of={of} />
      </Tabs.Panel>
      <Tabs.Panel value="logs" pt="md">
        <ServiceLogs service={service} />
      </Tabs.Panel>
      <Tabs.Panel value="usage" pt="md">
        {root?.computer && root.partition ? (
          <UsageCharts computer={root.computer} partition={root.partition} />
        ) : (
          <Empty title={t('Not on a server yet')} />
        )}
      </Tabs.Panel>
      <Tabs.Panel value="history" pt="md">
        <ServiceHistory service={service} />
      </Tabs.Panel>
    </Tabs>
  )
}

function Overview({ service }: { readonly service: Service }) {
  const t = useText()
  return (
    <div className="overview">
      <Section title={t('Connection parameters')}>
        <ConnectionTable connection={service.connection} />
      </Section>
      <Section title={t('Instances')}>
        <InstanceTree instances={service.instances} />
      </Section>
      <Facts
        facts={[
          [t('Reference'), <Reference key="reference" value={service.reference} />],
          [t('Last 24 hours'), <Uptime key="uptime" of={{ service: service.reference }} />, 'wide'],
          [t('Software'), `${service.product} ${service.version}`],
          [t('Software type'), service.softwareType + (service.shared ? ` ${t('(slave)')}` : '')],
          [t('Server'), <ServerLink key="server" at={service} />],
          [t('Requested'), <Ago key="created" at={service.created} />],
          [t('Release URL'), <code key="url">{service.releaseUrl}</code>],
        ]}
      />
      <InAShell
        commands={[
          requestCommand({ ...service, state: service.desired }),
          `slapos why ${quoted(service.title)}`,
          `slapos service info ${quoted(service.title)}`,
        ]}
      />
    </div>
  )
}
