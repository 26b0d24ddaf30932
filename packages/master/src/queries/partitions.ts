import { fixed } from '../store/index.ts'
import { type Context, projectIds } from './context.ts'
import { toStatus } from './indicators.ts'
import { instanceIndicators, instanceStateRows } from './instance-rows.ts'
import type { Queries } from './queries.ts'

/** Partitions of a server, with what is in them. */
export function partitionQueries(context: Context): Pick<Queries, 'partitions'> {
  const { db } = context
  return {
    async partitions(scope, computer) {
      const partitions = await db
        .selectFrom('partition')
        .innerJoin('computer', 'computer.id', 'partition.computer_id')
        .select(['partition.id', 'partition.reference', 'partition.ip_json'])
        .where('computer.reference', '=', computer)
        .where('computer.project_id', 'in', projectIds(scope))
        .where('partition.listed', '=', fixed(1))
        .orderBy('partition.position')
        .execute()
      if (partitions.length === 0) return []
      const instances = await instanceStateRows(context)
        .innerJoin('tree', 'tree.id', 'instance.tree_id')
        .innerJoin('instance as root', 'root.id', 'tree.root_id')
        .select(['tree.title as service_title', 'root.reference as service', 'instance.partition_id'])
        .where('computer.reference', '=', computer)
        .where('instance.shared', '=', fixed(0))
        .execute()
      const statuses = await instanceIndicators(context, instances)
      return partitions.map(({ id, reference, ip_json }) => {
        const found = instances.find((instance) => instance.partition_id === id)
        const state = found && statuses.get(found.reference)
        return {
          partition: reference,
          addresses: [...new Set(addressesOf(ip_json))],
          instance:
            found && state
              ? {
                  reference: found.reference,
                  title: found.title,
                  service: found.service,
                  serviceTitle: found.service_title,
                  status: toStatus(state),
                }
              : null,
        }
      })
    },
  }
}

function addressesOf(json: string): string[] {
  const value: unknown = JSON.parse(json)
  return Array.isArray(value) ? value.flatMap((entry) => (Array.isArray(entry) ? [String(entry[1])] : [])) : []
}
