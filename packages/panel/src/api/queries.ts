/**
 * What screens read. The first word of every key is the kind of thing; hints of the event stream make the keys of
 * their kind stale (live/hints.ts), nothing is polled.
 */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { answer, api } from './client.ts'

export interface ListParameters {
  readonly q?: string
  readonly color?: string
  readonly sort?: string
  readonly computer?: string
  readonly subject?: string
  /** Servers that others share, too. */
  readonly shared?: boolean
}

const first: string | undefined = undefined
const pages = { initialPageParam: first as string | undefined, getNextPageParam: nextPage }
function nextPage(last: { readonly next: string | null }): string | undefined {
  return last.next ?? undefined
}
const from = <T extends object>(of: T, cursor: string | undefined) => ({
  ...of,
  ...(cursor === undefined ? {} : { cursor }),
})
const at = (list: ListParameters, cursor: string | undefined) => ({ ...from(list, cursor), limit: 50 })

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => answer(api.GET('/api/v1/session')),
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
})
export const homeQuery = queryOptions({ queryKey: ['home'], queryFn: () => answer(api.GET('/api/v1/home')) })
export const topologyQuery = queryOptions({
  queryKey: ['topology'],
  queryFn: () => answer(api.GET('/api/v1/topology')),
})
export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', q],
    queryFn: () => answer(api.GET('/api/v1/search', { params: { query: { q } } })),
    enabled: q.trim() !== '',
  })
export const whyQuery = (name: string) =>
  queryOptions({
    queryKey: ['why', name],
    queryFn: () => answer(api.GET('/api/v1/why/{name}', { params: { path: { name } } })),
  })

export const serversQuery = (list: ListParameters) =>
  infiniteQueryOptions({
    queryKey: ['servers', list],
    queryFn: ({ pageParam }) => answer(api.GET('/api/v1/servers', { params: { query: at(list, pageParam) } })),
    ...pages,
  })
export const servicesQuery = (list: ListParameters) =>
  infiniteQueryOptions({
    queryKey: ['services', list],
    queryFn: ({ pageParam }) => answer(api.GET('/api/v1/services', { params: { query: at(list, pageParam) } })),
    ...pages,
  })
export const auditQuery = (list: ListParameters) =>
  infiniteQueryOptions({
    queryKey: ['audit', list],
    queryFn: ({ pageParam }) => answer(api.GET('/api/v1/audit', { params: { query: at(list, pageParam) } })),
    ...pages,
  })

export const serverQuery = (computer: string) =>
  queryOptions({
    queryKey: ['server', computer],
    queryFn: () => answer(api.GET('/api/v1/servers/{computer}', { params: { path: { computer } } })),
  })
export const partitionsQuery = (computer: string) =>
  queryOptions({
    queryKey: ['partitions', computer],
    queryFn: () => answer(api.GET('/api/v1/servers/{computer}/partitions', { params: { path: { computer } } })),
  })
export const installationsQuery = (computer: string) =>
  queryOptions({
    queryKey: ['installations', computer],
    queryFn: () => answer(api.GET('/api/v1/servers/{computer}/installations', { params: { path: { computer } } })),
  })
export const installationQuery = (computer: string, id: string) =>
  queryOptions({
    queryKey: ['installation', computer, id],
    queryFn: () =>
      answer(api.GET('/api/v1/servers/{computer}/installations/{id}', { params: { path: { computer, id } } })),
  })
export const serverCertificatesQuery = (computer: string) =>
  queryOptions({
    queryKey: ['certificates', computer],
    queryFn: () => answer(api.GET('/api/v1/servers/{computer}/certificates', { params: { path: { computer } } })),
  })
export const tokensQuery = queryOptions({ queryKey: ['tokens'], queryFn: () => answer(api.GET('/api/v1/tokens')) })
export const clientTokensQuery = queryOptions({
  queryKey: ['client-tokens'],
  queryFn: () => answer(api.GET('/api/v1/client-tokens')),
})
export const tokenQuery = (id: string) =>
  queryOptions({
    queryKey: ['tokens', id],
    queryFn: () => answer(api.GET('/api/v1/tokens/{id}', { params: { path: { id } } })),
  })

export const serviceQuery = (reference: string) =>
  queryOptions({
    queryKey: ['service', reference],
    queryFn: () => answer(api.GET('/api/v1/services/{reference}', { params: { path: { reference } } })),
  })
export const earlierVersionsQuery = (reference: string) =>
  queryOptions({
    queryKey: ['service', reference, 'versions'],
    queryFn: () => answer(api.GET('/api/v1/services/{reference}/versions', { params: { path: { reference } } })),
  })
export const productsQuery = queryOptions({
  queryKey: ['products'],
  queryFn: () => answer(api.GET('/api/v1/products')),
})
export const descriptorQuery = (url: string) =>
  queryOptions({
    queryKey: ['descriptor', url],
    queryFn: () => answer(api.GET('/api/v1/descriptor', { params: { query: { url } } })),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Of one server, of one service, or of everything. */
export type Of = { readonly server?: string; readonly service?: string }
export const processesQuery = (of: Of, limit = 100) =>
  infiniteQueryOptions({
    queryKey: ['processes', of, limit],
    queryFn: ({ pageParam }) =>
      answer(api.GET('/api/v1/processes', { params: { query: from({ ...of, limit }, pageParam) } })),
    ...pages,
  })
export const uptimeQuery = (of: Of, hours: number) =>
  queryOptions({
    queryKey: ['uptime', of, hours],
    queryFn: () => answer(api.GET('/api/v1/uptime', { params: { query: { ...of, hours } } })),
  })
export const promisesQuery = (of: Of) =>
  infiniteQueryOptions({
    queryKey: ['promises', of],
    queryFn: ({ pageParam }) => answer(api.GET('/api/v1/promises', { params: { query: from(of, pageParam) } })),
    ...pages,
  })
export const usageQuery = (computer: string, partition: string, minutes: number) =>
  queryOptions({
    queryKey: ['usage', computer, partition, minutes],
    queryFn: () =>
      answer(
        api.GET('/api/v1/servers/{computer}/usage', { params: { path: { computer }, query: { partition, minutes } } }),
      ),
    // A time series has no event for each point: its window moves on while somebody looks.
    refetchInterval: 15_000,
  })

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: () => answer(api.GET('/api/v1/sessions')),
})
export const clientCertificatesQuery = queryOptions({
  queryKey: ['certificates', 'mine'],
  queryFn: () => answer(api.GET('/api/v1/client-certificates')),
})
export const apiTokensQuery = queryOptions({
  queryKey: ['api-tokens'],
  queryFn: () => answer(api.GET('/api/v1/api-tokens')),
})
export const feedsQuery = queryOptions({ queryKey: ['feeds'], queryFn: () => answer(api.GET('/api/v1/feeds')) })
export const notificationsQuery = queryOptions({
  queryKey: ['notifications'],
  queryFn: () => answer(api.GET('/api/v1/notifications')),
})
export const membersQuery = (project: string) =>
  queryOptions({
    queryKey: ['members', project],
    queryFn: () => answer(api.GET('/api/v1/projects/{project}/members', { params: { path: { project } } })),
  })
export const invitationsQuery = (project: string) =>
  queryOptions({
    queryKey: ['invitations', project],
    queryFn: () => answer(api.GET('/api/v1/projects/{project}/invitations', { params: { path: { project } } })),
  })
