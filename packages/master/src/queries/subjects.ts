import type { Static } from 'typebox'
import type { Subject } from '../api/panel/schemas/index.ts'
import { fixed } from '../store/index.ts'
import type { Kind } from './board/board.ts'
import type { Context } from './context.ts'
import { numberIn } from './filter.ts'
import { toStatus } from './indicators.ts'
import { installationId, installationRows, installationStates } from './installation-rows.ts'
import { releaseNames } from './releases.ts'
import { serverIndicators } from './server-rows.ts'
import { everyTree, serviceItems } from './service-rows.ts'

export type SubjectItem = Static<typeof Subject>

export const NO_PARENT = { parent: '', parentTitle: '' } as const

export interface SubjectKey {
  readonly kind: Kind
  /** Number of the row. */
  readonly id: number
}

/** Names and states of these things, in this order; what does not exist any more is left out. */
export async function readSubjects(context: Context, keys: readonly SubjectKey[]): Promise<readonly SubjectItem[]> {
  const ids = (kind: Kind) => keys.flatMap((key) => (key.kind === kind ? [key.id] : []))
  const found = new Map<Kind, ReadonlyMap<number, SubjectItem>>()
  found.set('server', await servers(context, ids('server')))
  found.set('installation', await installations(context, ids('installation')))
  found.set('service', await services(context, ids('service')))
  return keys.flatMap(({ kind, id }) => found.get(kind)?.get(id) ?? [])
}

async function servers(context: Context, ids: readonly number[]): Promise<ReadonlyMap<number, SubjectItem>> {
  if (ids.length === 0) return new Map()
  const rows = await context.db
    .selectFrom('computer')
    .select(['id', 'reference', 'title'])
    .where('live', '=', fixed(1))
    .where(numberIn('computer.id', ids))
    .execute()
  const states = await serverIndicators(
    context,
    rows.map(({ reference }) => reference),
  )
  return new Map(
    rows.flatMap(({ id, reference, title }) => {
      const state = states.get(reference)
      if (!state) return []
      return [[id, { kind: 'server', reference, title, ...NO_PARENT, status: toStatus(state.indicator) }] as const]
    }),
  )
}

async function installations(context: Context, ids: readonly number[]): Promise<ReadonlyMap<number, SubjectItem>> {
  const rows = ids.length === 0 ? [] : await installationRows(context, { ids })
  const [states, names] = await Promise.all([
    installationStates(context, rows),
    releaseNames(
      context,
      rows.map(({ url }) => url),
    ),
  ])
  return new Map(
    rows.flatMap(({ id, url, computer, title: parentTitle }) => {
      const state = states.get(`${computer} ${url}`)
      if (!state) return []
      const { product, version } = names(url)
      const title = `${product} ${version}`.trim()
      const status = toStatus(state.indicator)
      const reference = installationId(url)
      return [[id, { kind: 'installation', reference, title, parent: computer, parentTitle, status }] as const]
    }),
  )
}

async function services(context: Context, ids: readonly number[]): Promise<ReadonlyMap<number, SubjectItem>> {
  if (ids.length === 0) return new Map()
  const rows = await everyTree(context).where(numberIn('tree.id', ids)).execute()
  const items = new Map((await serviceItems(context, rows)).map((item) => [item.reference, item]))
  return new Map(
    rows.flatMap(({ id, reference }) => {
      const item = items.get(reference)
      if (!item) return []
      return [[id, { kind: 'service', reference, title: item.title, ...NO_PARENT, status: item.status }] as const]
    }),
  )
}
