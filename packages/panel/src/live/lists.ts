import type { InfiniteData, Query, QueryClient } from '@tanstack/react-query'
import { answer, api } from '../api/client.ts'
import type { AuditItem, ServerItem, ServiceItem } from '../api/generated/schema.ts'
import type { ListParameters } from '../api/queries.ts'
import { type ListPage, type LiveList, orderBy, rowsToAsk, withNewest, withRows } from './pages.ts'
import type { Hint } from './stream.ts'
import { serverOf, touches } from './touches.ts'

type Loaded<T> = InfiniteData<ListPage<T>, string | undefined>

/** The kinds of lists that are patched; every other key is read again as a whole. */
export const PATCHED: ReadonlySet<unknown> = new Set(['services', 'servers', 'audit'])

/** Brings each list on the screen up to date with one request for what changed in it. */
export async function patchLists(client: QueryClient, hints: readonly Hint[]): Promise<void> {
  const queries = client.getQueryCache().findAll({ predicate: ({ queryKey }) => PATCHED.has(queryKey[0]) })
  await Promise.all(
    queries.map(async (query) => {
      const key = query.queryKey
      const concerned = hints.filter((hint) => touches(hint, key))
      if (concerned.length === 0) return
      const stale = () => readAgain(client, query)
      // One that nobody looks at is read when somebody does; one that is being read may be of before or after.
      if (!query.isActive() || query.state.data === undefined || query.state.fetchStatus !== 'idle') return stale()
      const list: ListParameters = { ...Object(key[1]) }
      const change = await changeOf(String(key[0]), list, concerned, client.getQueryData(key)).catch(() => undefined)
      if (change === undefined) return stale()
      client.setQueryData(key, change)
    }),
  )
}

/** Reads a list again, once what is being read of it is there: the next page, which somebody asked for, is not taken from him. */
async function readAgain(client: QueryClient, query: Query): Promise<void> {
  if (query.state.fetchStatus === 'fetching') {
    const { promise, resolve } = Promise.withResolvers<void>()
    const stop = client.getQueryCache().subscribe(() => query.state.fetchStatus !== 'fetching' && resolve())
    await promise
    stop()
  }
  await client.invalidateQueries({ queryKey: query.queryKey, exact: true })
}

/** Every list, whatever changed. */
export async function readListsAgain(client: QueryClient): Promise<void> {
  const queries = client.getQueryCache().findAll({ predicate: ({ queryKey }) => PATCHED.has(queryKey[0]) })
  await Promise.all(queries.map((query) => readAgain(client, query)))
}

/** Answers how the loaded pages change; undefined: they have to be read again. */
async function changeOf(
  kind: string,
  list: ListParameters,
  hints: readonly Hint[],
  present: unknown,
): Promise<((loaded: unknown) => unknown) | undefined> {
  const pages = (present as Loaded<never>).pages
  // A server that is lost or back may bring services under a colour that are not loaded.
  const whole = (list.color ?? '') !== '' && hints.some(({ services }) => services === undefined)
  if (whole) return undefined
  if (kind === 'audit') {
    const newest = await answer(api.GET('/api/v1/audit', { params: { query: { ...list, limit: 50 } } }))
    return patched<AuditItem>((loaded) => withNewest(loaded, newest, ({ id }) => id))
  }
  if (kind === 'servers') {
    const on = (row: ServerItem, server: string) => row.computer === server
    const asked = rowsToAsk(hints, pages, { named: (hint) => named(serverOf(hint)), on }, SERVERS(list).idOf)
    if (asked === undefined) return undefined
    if (asked.size === 0) return (loaded) => loaded
    const query = { ...list, references: [...asked].join(','), limit: 200 }
    const rows = await answer(api.GET('/api/v1/servers', { params: { query } }))
    return patched<ServerItem>((loaded) => withRows(loaded, asked, rows, SERVERS(list)))
  }
  const on = (row: ServiceItem, server: string) => row.computer === server
  const asked = rowsToAsk(hints, pages, { named: ({ services }) => services, on }, SERVICES(list).idOf)
  if (asked === undefined) return undefined
  if (asked.size === 0) return (loaded) => loaded
  const query = { ...list, references: [...asked].join(','), limit: 200 }
  const rows = await answer(api.GET('/api/v1/services', { params: { query } }))
  return patched<ServiceItem>((loaded) => withRows(loaded, asked, rows, SERVICES(list)))
}

const named = (server: string | undefined) => (server === undefined ? undefined : [server])

const SERVICES = ({ sort = '-created' }: ListParameters): LiveList<ServiceItem> => ({
  idOf: serviceId,
  compare: orderBy(sort, { title: ({ title }) => title, created: ({ created }) => created }, serviceId),
})
const serviceId = ({ reference }: ServiceItem) => reference

const SERVERS = ({ sort = 'title' }: ListParameters): LiveList<ServerItem> => ({
  idOf: serverId,
  // By age is by number.
  compare: orderBy(sort, { title: ({ title }) => title }, serverId),
})
const serverId = ({ computer }: ServerItem) => computer

/** Of the pages that are there when the answer is: more may have been loaded meanwhile. */
function patched<T>(change: (pages: readonly ListPage<T>[]) => readonly ListPage<T>[] | undefined) {
  return (loaded: unknown): unknown => {
    const data = loaded as Loaded<T> | undefined
    if (data === undefined) return undefined
    const pages = change(data.pages)
    return pages === undefined
      ? { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) }
      : { ...data, pages }
  }
}
