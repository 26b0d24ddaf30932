import { Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useText } from '../../text/text.ts'
import { Page } from '../../ui/page.tsx'
import { TabList } from '../../ui/tab-list.tsx'
import { Account } from './account.tsx'
import { ApiTokens } from './api-tokens.tsx'
import { Clients } from './clients.tsx'
import { Feeds } from './feeds.tsx'
import { NotificationTargets } from './notifications.tsx'
import { People } from './people.tsx'
import { SessionList } from './sessions.tsx'

const TABS = [
  { name: 'account', text: 'Account', content: Account },
  { name: 'people', text: 'People', content: People },
  { name: 'notifications', text: 'Notifications', content: NotificationTargets },
  { name: 'feeds', text: 'Feeds', content: Feeds },
  { name: 'clients', text: 'Clients', content: Clients },
  { name: 'api-tokens', text: 'API tokens', content: ApiTokens },
  { name: 'sessions', text: 'Sessions', content: SessionList },
] as const

export function SettingsPage() {
  const t = useText()
  const { tab = 'account' } = useSearch({ from: '/shell/settings' })
  const navigate = useNavigate({ from: '/settings' })
  return (
    <Page title={t('Settings')}>
      <Tabs
        value={tab}
        onChange={(next) => void navigate({ search: { tab: next ?? 'account' }, replace: true })}
        keepMounted={false}
      >
        <TabList tabs={TABS.map(({ name, text }) => [name, t(text)])} active={tab} />
        {TABS.map(({ name, content: Content }) => (
          <Tabs.Panel key={name} value={name} pt="md">
            <Content />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  )
}
