import type { Indicator } from '../domain/indicator/indicator.ts'
import { sumIndicator } from '../domain/indicator/instance-indicator.ts'
import { fixed } from '../store/index.ts'
import { type Context, projectIds } from './context.ts'
import { numberIn } from './filter.ts'
import { status, toStatus } from './indicators.ts'
import { instanceIndicators, instanceStateRows } from './instance-rows.ts'
import type { Scope } from './queries.ts'
import { serverIndicators } from './server-rows.ts'
import { discreet } from './shared-servers.ts'

/** His servers, and those of others that are named by their numbers. */
export const serverRows = ({ db }: Context, scope: Scope, shared: readonly number[] = []) =>
  db
    .selectFrom('computer')
    .innerJoin('project', 'project.id', 'computer.project_id')
    .leftJoin('computer_format', 'computer_format.computer_id', 'computer.id')
    .select([
      'computer.id',
      'computer.reference',
      'computer.title',
      'computer.scope',
      'computer.project_id',
      'computer.visibility',
      'computer.revision',
      'computer.created_at',
      'project.reference as project',
      'project.title as project_title',
      'computer_format.facts_json',
    ])
    .where('computer.live', '=', fixed(1))
    .where((eb) =>
      eb.or([
        eb('computer.project_id', 'in', projectIds(scope)),
        ...(shared.length === 0 ? [] : [numberIn('computer.id', shared)]),
      ]),
    )

export type ServerRow = Awaited<ReturnType<ReturnType<typeof serverRows>['execute']>>[number]

/** Rows as list items, with the three areas of the tutorial. */
export async function serverItems(context: Context, scope: Scope, found: readonly ServerRow[]) {
  const mine = new Set(projectIds(scope))
  const { db } = context
  const ids = found.map((row) => row.id)
  const [statuses, counts] = await Promise.all([
    serverIndicators(
      context,
      found.map((row) => row.reference),
    ),
    ids.length === 0
      ? []
      : db
          .selectFrom('partition')
          .select(['computer_id', 'state', (eb) => eb.fn.countAll<number>().as('count')])
          .where('computer_id', 'in', ids)
          .where('listed', '=', fixed(1))
          .groupBy(['computer_id', 'state'])
          .execute(),
    context.board.settled(),
  ])
  const sums = new Map(ids.map((id) => [id, context.board.tenants.sum(id)]))
  const telling = await tellingOf(
    context,
    [...sums.values()].flatMap((sum) => sum?.telling ?? []),
  )
  return found.map((row) => {
    const partitions = counts.filter((count) => count.computer_id === row.id)
    const total = partitions.reduce((sum, { count }) => sum + Number(count), 0)
    const busy = partitions.reduce((sum, { count, state }) => sum + (state === 'busy' ? Number(count) : 0), 0)
    const sum = sums.get(row.id)
    const worst = sum && telling.get(sum.telling)
    const none = status('grey', 'Free', total === 0 ? 'not formatted yet' : 'nothing runs here yet', null)
    const known = statuses.get(row.reference)
    const own = mine.has(row.project_id)
    const state = known ? toStatus(known.indicator) : none
    return {
      computer: row.reference,
      title: row.title,
      scope: row.scope,
      project: row.project,
      sharedBy: own ? null : row.project_title,
      status: own ? state : discreet(state),
      partitionsStatus: own && sum && worst ? toStatus(sumIndicator(sum.counts, worst)) : none,
      partitions: total,
      busy,
      contact: known?.contact ?? null,
    }
  })
}

/** The one instance of each server that speaks for the others. */
async function tellingOf(
  context: Context,
  ids: readonly number[],
): Promise<ReadonlyMap<number, Indicator & { readonly title: string }>> {
  if (ids.length === 0) return new Map()
  const rows = await instanceStateRows(context).where(numberIn('instance.id', ids)).execute()
  const states = await instanceIndicators(context, rows)
  return new Map(
    rows.flatMap(({ id, reference, title }) => {
      const state = states.get(reference)
      return state ? [[id, { title, ...state }] as const] : []
    }),
  )
}
