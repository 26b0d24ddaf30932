import { serviceIndicator } from '../domain/indicator/instance-indicator.ts'
import { fixed } from '../store/index.ts'
import { type Context, projectIds } from './context.ts'
import { toStatus } from './indicators.ts'
import { instanceIndicators, instanceStateRows } from './instance-rows.ts'
import type { Scope } from './queries.ts'
import { releaseNames } from './releases.ts'

/** Services with their root and its place. */
export function everyTree({ db }: Context) {
  return db
    .selectFrom('tree')
    .innerJoin('instance as root', 'root.id', 'tree.root_id')
    .innerJoin('project', 'project.id', 'tree.project_id')
    .leftJoin('partition', 'partition.id', 'root.partition_id')
    .leftJoin('computer', 'computer.id', 'partition.computer_id')
    .select([
      'tree.id',
      'tree.title',
      'tree.state',
      'tree.live',
      'tree.created_at',
      'root.reference',
      'root.release_url',
      'root.software_type',
      'root.shared',
      'computer.reference as computer',
      'computer.title as computer_title',
      'project.reference as project',
    ])
    .where('root.live', '=', fixed(1))
}

/** Those that he may see. */
export const treeRows = (context: Context, scope: Scope) =>
  everyTree(context).where('tree.project_id', 'in', projectIds(scope))

export type TreeRow = Awaited<ReturnType<ReturnType<typeof treeRows>['execute']>>[number]

/** Rows as list items: the status of a service is that of its worst instance. */
export async function serviceItems(context: Context, trees: readonly TreeRow[]) {
  if (trees.length === 0) return []
  const instances = await instanceStateRows(context)
    .where(
      'instance.tree_id',
      'in',
      trees.map((tree) => tree.id),
    )
    .orderBy('instance.id')
    .execute()
  const [statuses, names] = await Promise.all([
    instanceIndicators(context, instances),
    releaseNames(
      context,
      trees.map((tree) => tree.release_url),
    ),
  ])
  const byTree = Map.groupBy(instances, (instance) => instance.tree_id)
  return trees.map((tree) => {
    const parts = (byTree.get(tree.id) ?? []).flatMap(({ reference, title }) => {
      const found = statuses.get(reference)
      return found ? [{ title, ...found }] : []
    })
    const { product, version } = names(tree.release_url)
    return {
      reference: tree.reference,
      title: tree.title,
      product,
      version,
      releaseUrl: tree.release_url,
      softwareType: tree.software_type,
      shared: tree.shared === 1,
      desired: tree.state,
      computer: tree.computer,
      computerTitle: tree.computer_title,
      project: tree.project,
      created: tree.created_at,
      status: toStatus(serviceIndicator(tree.state, parts)),
    }
  })
}
