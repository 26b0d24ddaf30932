import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router'
import { Problem, rememberSession } from '../api/client.ts'
import { meQuery } from '../api/queries.ts'
import { HomePage } from '../pages/home.tsx'
import { LoginPage } from '../pages/login.tsx'
import type { ListState } from '../ui/list.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { lazyPage } from './lazy-page.ts'
import { NotFound } from './not-found.tsx'
import { Shell } from './shell.tsx'

interface Context {
  readonly client: QueryClient
}

/** Pages that everybody comes to first are in the first load; the others come when they are opened. */
const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFound })

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search): { to?: string } => (typeof search['to'] === 'string' ? { to: search['to'] } : {}),
  component: LoginPage,
})
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyPage(() => import('../pages/invitation.tsx'), 'InvitationPage'),
})

/** Everything behind the log-in. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    try {
      rememberSession(await context.client.ensureQueryData(meQuery))
    } catch (error) {
      if (!(error instanceof Problem && error.status === 401)) throw error
      throw redirect({ to: '/login', search: location.href === '/' ? {} : { to: location.href } })
    }
  },
})

const under = () => shell
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

export function listSearch(search: Record<string, unknown>): ListState {
  const [q, color, sort] = [text(search['q']), text(search['color']), text(search['sort'])]
  return { ...(q && { q }), ...(color && { color }), ...(sort && { sort }) }
}
const tabSearch = (search: Record<string, unknown>): { tab?: string } => {
  const tab = text(search['tab'])
  return tab === undefined ? {} : { tab }
}

function releaseSearch(search: Record<string, unknown>): { release?: string } {
  const release = text(search['release'])
  return release === undefined ? {} : { release }
}

/** Bookmarks of the dashboard before this one: its pages stood behind the hash, which a browser takes along. */
const FORMER_PAGES: Readonly<Record<string, '/servers' | '/services' | '/software' | '/map'>> = {
  computer_module: '/servers',
  hosting_subscription_module: '/services',
  software_product_module: '/software',
  computer_network_module: '/map',
}

const home = createRoute({
  getParentRoute: under,
  path: '/',
  component: HomePage,
  beforeLoad: ({ location }) => {
    const to = FORMER_PAGES[/^\/?(\w+)/.exec(location.hash)?.[1] ?? '']
    if (to !== undefined) throw redirect({ to })
  },
})
const servers = createRoute({
  getParentRoute: under,
  path: '/servers',
  validateSearch: (search): ListState & { add?: true } => ({
    ...listSearch(search),
    ...(search['add'] === true && { add: true }),
  }),
  component: lazyPage(() => import('../pages/servers/list.tsx'), 'ServersPage'),
})
const server = createRoute({
  getParentRoute: under,
  path: '/servers/$computer',
  validateSearch: tabSearch,
  component: lazyPage(() => import('../pages/servers/server.tsx'), 'ServerPage'),
})
const supply = createRoute({
  getParentRoute: under,
  path: '/servers/$computer/supply',
  validateSearch: releaseSearch,
  component: lazyPage(() => import('../pages/servers/supply.tsx'), 'SupplyPage'),
})
const installation = createRoute({
  getParentRoute: under,
  path: '/servers/$computer/software/$id',
  component: lazyPage(() => import('../pages/servers/installation.tsx'), 'InstallationPage'),
})
const services = createRoute({
  getParentRoute: under,
  path: '/services',
  validateSearch: listSearch,
  component: lazyPage(() => import('../pages/services/list.tsx'), 'ServicesPage'),
})
const addService = createRoute({
  getParentRoute: under,
  path: '/services/add',
  validateSearch: releaseSearch,
  component: lazyPage(() => import('../pages/services/add.tsx'), 'AddServicePage'),
})
const service = createRoute({
  getParentRoute: under,
  path: '/services/$reference',
  validateSearch: tabSearch,
  component: lazyPage(() => import('../pages/services/service.tsx'), 'ServicePage'),
})
const software = createRoute({
  getParentRoute: under,
  path: '/software',
  component: lazyPage(() => import('../pages/software/catalogue.tsx'), 'CataloguePage'),
})
const monitoring = createRoute({
  getParentRoute: under,
  path: '/monitoring',
  component: lazyPage(() => import('../pages/monitoring.tsx'), 'MonitoringPage'),
})
const map = createRoute({
  getParentRoute: under,
  path: '/map',
  component: lazyPage(() => import('../pages/map.tsx'), 'MapPage'),
})
const activity = createRoute({
  getParentRoute: under,
  path: '/activity',
  validateSearch: listSearch,
  component: lazyPage(() => import('../pages/activity.tsx'), 'ActivityPage'),
})
const settings = createRoute({
  getParentRoute: under,
  path: '/settings',
  validateSearch: tabSearch,
  component: lazyPage(() => import('../pages/settings/settings.tsx'), 'SettingsPage'),
})

/** Everything else, with the menu still there. */
const nowhere = createRoute({ getParentRoute: under, path: '$', component: NotFound })

const routes = root.addChildren([
  login,
  invitation,
  shell.addChildren([
    home,
    servers,
    server,
    supply,
    installation,
    services,
    addService,
    service,
    software,
    monitoring,
    map,
    activity,
    settings,
    nowhere,
  ]),
])

export function createPanelRouter(client: QueryClient) {
  return createRouter({
    routeTree: routes,
    context: { client },
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultPendingComponent: () => <Loading />,
    defaultErrorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPanelRouter>
  }
}
