import { fixed } from '../store/index.ts'
import type { Context } from './context.ts'
import type { Queries } from './queries.ts'
import { serverListQueries } from './server-list.ts'
import { serviceItems, treeRows } from './service-rows.ts'

/** A map with more than this is not read by people. */
const SERVERS = 200
const SERVICES = 1000

/** Where services live, for the map. */
export function topologyQueries(context: Context): Pick<Queries, 'topology'> {
  const servers = serverListQueries(context)
  return {
    async topology(scope) {
      const found = await servers.servers(scope, { limit: SERVERS, shared: true })
      const trees = await treeRows(context, scope)
        .where('computer.reference', 'is not', null)
        .limit(SERVICES + 1)
        .execute()
      const items = await serviceItems(context, trees.slice(0, SERVICES))
      const sizes = await instancesPerTree(
        context,
        trees.map((tree) => tree.id),
      )
      return {
        servers: found.items.map(({ computer, title, status, sharedBy, partitions, busy }) => ({
          ...{ computer, title, status, sharedBy, partitions, busy },
          address: sharedBy === null ? (context.facts(computer)?.address ?? '') : '',
        })),
        services: items.map(({ reference, title, computer, status }, index) => ({
          reference,
          title,
          computer: computer ?? '',
          instances: sizes.get(trees[index]?.id ?? -1) ?? 1,
          status,
        })),
        truncated: trees.length > SERVICES || found.next !== null,
      }
    },
  }
}

async function instancesPerTree({ db }: Context, trees: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (trees.length === 0) return new Map()
  const rows = await db
    .selectFrom('instance')
    .select(['tree_id', (eb) => eb.fn.countAll<number>().as('count')])
    .where('tree_id', 'in', [...trees])
    .where('live', '=', fixed(1))
    .groupBy('tree_id')
    .execute()
  return new Map(rows.map((row) => [row.tree_id, Number(row.count)]))
}
