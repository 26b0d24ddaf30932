import { serviceIndicator } from '../../domain/indicator/instance-indicator.ts'
import { fixed } from '../../store/index.ts'
import type { IndicatorContext } from '../indicator-context.ts'
import { installationRows, installationStates } from '../installation-rows.ts'
import { instanceIndicators, instanceStateRows } from '../instance-rows.ts'
import { serverIndicators } from '../server-rows.ts'
import type { Colour } from './shelf.ts'
import type { Tenant } from './tenants.ts'

/** One thing as the board keeps it; what was asked for and is not answered does not exist (any more). */
export interface Coloured {
  readonly id: number
  readonly project: number
  readonly colour: Colour
}

export async function serverColours(context: IndicatorContext, ids: readonly number[]) {
  const rows = await context.db
    .selectFrom('computer')
    .select(['id', 'reference', 'project_id'])
    .where('id', 'in', [...ids])
    .where('live', '=', fixed(1))
    .execute()
  const found = await serverIndicators(
    context,
    rows.map(({ reference }) => reference),
  )
  return rows.flatMap(({ id, reference, project_id: project }) => {
    const known = found.get(reference)
    return known ? [{ id, project, colour: known.indicator.colour, indicator: known.indicator }] : []
  })
}

/** Releases on these servers; `url` and `computer` tell whom they concern. */
export async function installationColours(context: IndicatorContext, computers: readonly number[]) {
  const servers = await context.db
    .selectFrom('computer')
    .select(['id', 'reference', 'project_id'])
    .where('id', 'in', [...computers])
    .execute()
  const projects = new Map(servers.map((row) => [row.id, row.project_id]))
  const rows = await installationRows(context, { computers: servers.map(({ reference }) => reference) })
  const states = await installationStates(context, rows)
  return rows.flatMap(({ id, url, computer, computer_id }) => {
    const colour = states.get(`${computer} ${url}`)?.indicator.colour
    const project = projects.get(computer_id)
    return colour === undefined || project === undefined ? [] : [{ id, project, colour, url, computer: computer_id }]
  })
}

/** With what each has on servers. */
export async function serviceColours(
  context: IndicatorContext,
  ids: readonly number[],
): Promise<readonly (Coloured & { readonly tenants: readonly Tenant[] })[]> {
  const trees = await context.db
    .selectFrom('tree')
    .innerJoin('instance as root', 'root.id', 'tree.root_id')
    .select(['tree.id', 'tree.project_id', 'tree.state'])
    .where('tree.id', 'in', [...ids])
    .where('root.live', '=', fixed(1))
    .execute()
  if (trees.length === 0) return []
  const instances = await instanceStateRows(context)
    .where(
      'instance.tree_id',
      'in',
      trees.map(({ id }) => id),
    )
    .orderBy('instance.id')
    .execute()
  const statuses = await instanceIndicators(context, instances)
  const byTree = Map.groupBy(instances, (instance) => instance.tree_id)
  return trees.map(({ id, project_id: project, state }) => {
    const parts = (byTree.get(id) ?? []).flatMap((instance) => {
      const found = statuses.get(instance.reference)
      return found ? [{ ...instance, ...found }] : []
    })
    const tenants = parts.flatMap(({ id, computer_id: computer, shared, colour }) =>
      computer === null || shared === 1 ? [] : [{ id, computer, colour }],
    )
    return { id, project, colour: serviceIndicator(state, parts).colour, tenants }
  })
}
