import { ActionIcon, Burger, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconLogout, IconMoon, IconPlugConnectedX, IconSearch, IconSun } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { answer, api, rememberSession } from '../api/client.ts'
import { LiveLink, useLinkState } from '../live/link.tsx'
import { useText } from '../text/text.ts'
import { AREAS } from './areas.ts'
import { useMe } from './session.tsx'
import classes from './shell.module.css'
import { useShortcut } from './shortcuts.ts'

const Palette = lazy(() => import('./palette.tsx'))
const Keys = lazy(() => import('./keys.tsx'))

export function Shell() {
  const t = useText()
  const [opened, { toggle, close }] = useDisclosure(false)
  const [palette, setPalette] = useState(false)
  const [keys, setKeys] = useState(false)
  return (
    <LiveLink>
      <a className={classes.skip} href="#content">
        {t('Skip to the content')}
      </a>
      <div className={classes.shell}>
        <div className={classes.top}>
          <Burger opened={opened} onClick={toggle} size="sm" aria-label={t('Menu')} />
          <span className={classes.brand}>SlapOS</span>
          <ActionIcon variant="subtle" color="gray" aria-label={t('Search')} onClick={() => setPalette(true)}>
            <IconSearch size={18} />
          </ActionIcon>
        </div>
        <aside className={classes.side} data-opened={opened || undefined}>
          <Side close={close} search={() => setPalette(true)} />
        </aside>
        <main id="content" className={classes.main} tabIndex={-1}>
          <LostLink />
          <Outlet />
        </main>
      </div>
      <PaletteKeys open={() => setPalette(true)} list={() => setKeys(true)} />
      {keys && (
        <Suspense>
          <Keys close={() => setKeys(false)} />
        </Suspense>
      )}
      {palette && (
        <Suspense>
          <Palette close={() => setPalette(false)} />
        </Suspense>
      )}
    </LiveLink>
  )
}

function Side({ close, search }: { readonly close: () => void; readonly search: () => void }) {
  const t = useText()
  const me = useMe()
  return (
    <>
      <div className={classes.logo}>
        <img src="/icon.svg" alt="" width={22} height={22} />
        <span className={classes.brand}>SlapOS</span>
      </div>
      <button type="button" className={classes.search} onClick={search}>
        <IconSearch size={15} aria-hidden />
        {t('Search')}
        <kbd className="key">Ctrl K</kbd>
      </button>
      <nav aria-label={t('Menu')} className={classes.nav}>
        {AREAS.map((area) => (
          <Link
            key={area.to}
            to={area.to}
            className={classes.link}
            activeOptions={{ exact: area.to === '/', includeSearch: false }}
            onClick={close}
          >
            <area.icon size={17} stroke={1.7} aria-hidden />
            {t(area.text)}
            <AreaKey keys={area.keys} to={area.to} />
          </Link>
        ))}
      </nav>
      <div className={classes.foot}>
        <Link to="/settings" className={classes.me} onClick={close}>
          <span className={classes.avatar} aria-hidden>
            {(me.name || me.login).slice(0, 1).toUpperCase()}
          </span>
          <span className={classes.names}>
            <span>{me.name || me.login}</span>
            <span className="faint">{me.memberships[0]?.title ?? ''}</span>
          </span>
        </Link>
        <SchemeSwitch />
        <LogOut />
      </div>
    </>
  )
}

function AreaKey({ keys, to }: { readonly keys: string; readonly to: (typeof AREAS)[number]['to'] }) {
  const navigate = useNavigate()
  useShortcut(keys, () => void navigate({ to }))
  return null
}

function PaletteKeys({ open, list }: { readonly open: () => void; readonly list: () => void }) {
  useShortcut('?', list)
  return (
    <span
      hidden
      ref={() => {
        const listener = (event: KeyboardEvent) => {
          if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          open()
        }
        window.addEventListener('keydown', listener)
        return () => window.removeEventListener('keydown', listener)
      }}
    />
  )
}

/** Said at the top of every page: what is shown may be old. */
function LostLink() {
  const t = useText()
  const state = useLinkState()
  if (state !== 'lost') return null
  return (
    <div className={classes.lost} role="status" data-lost>
      <IconPlugConnectedX size={16} aria-hidden />
      {t('Connection lost. What you see may be old; trying again.')}
    </div>
  )
}

function SchemeSwitch() {
  const t = useText()
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const dark = scheme === 'dark'
  return (
    <Tooltip label={dark ? t('Light colours') : t('Dark colours')}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={dark ? t('Light colours') : t('Dark colours')}
        onClick={() => setColorScheme(dark ? 'light' : 'dark')}
      >
        {dark ? <IconSun size={17} /> : <IconMoon size={17} />}
      </ActionIcon>
    </Tooltip>
  )
}

function LogOut() {
  const t = useText()
  const navigate = useNavigate()
  const client = useQueryClient()
  const leave = async () => {
    await answer(api.DELETE('/api/v1/session')).catch(() => {})
    rememberSession(undefined)
    client.clear()
    await navigate({ to: '/login' })
  }
  return (
    <Tooltip label={t('Log out')}>
      <ActionIcon variant="subtle" color="gray" aria-label={t('Log out')} onClick={leave}>
        <IconLogout size={17} />
      </ActionIcon>
    </Tooltip>
  )
}
