import { connectionOf } from './connection.ts'
import type { Context } from './context.ts'
import { status, toStatus } from './indicators.ts'
import { type InstanceRow, instanceIndicators, instanceRows, textsOf } from './instance-rows.ts'
import { parseJsonInXml } from './parameters.ts'
import type { Queries, Scope } from './queries.ts'
import { serviceItems, treeRows } from './service-rows.ts'

const NONE = status('grey', 'unknown', '', null)

export function serviceQueries(context: Context): Pick<Queries, 'service'> {
  const { db } = context
  return {
    async service(scope, reference) {
      const tree = await treeRows(context, scope)
        .where('tree.id', 'in', (eb) =>
          eb.selectFrom('instance as any').select('any.tree_id').where('any.reference', '=', reference),
        )
        .executeTakeFirst()
      if (!tree) return undefined
      const [items, instances] = await Promise.all([
        serviceItems(context, [tree]),
        instanceRows(context).where('instance.tree_id', '=', tree.id).orderBy('instance.id').execute(),
      ])
      const [item] = items
      const root = instances.find((instance) => instance.reference === tree.reference)
      if (!item || !root) return undefined
      const statuses = await instanceIndicators(context, instances)
      const references = new Map(instances.map((instance) => [instance.id, instance.reference]))
      const stateOf = (instance: string) => {
        const found = statuses.get(instance)
        return found ? toStatus(found) : NONE
      }
      return {
        ...item,
        parameters: textsOf(root.parameters_json),
        filter: textsOf(root.filter_json),
        etag: String(root.revision),
        connection: await connection(scope, root, stateOf(root.reference)),
        instances: instances.map((instance) => ({
          reference: instance.reference,
          parent: (instance.parent_id === null ? undefined : references.get(instance.parent_id)) ?? null,
          title: instance.title,
          softwareType: instance.software_type,
          shared: instance.shared === 1,
          desired: instance.state,
          computer: instance.computer,
          computerTitle: instance.computer_title,
          partition: instance.partition,
          status: stateOf(instance.reference),
        })),
        upgrade: await upgradeOf(root.release_url),
        dependents: await dependentsOf(instances),
      }
    },
  }

  async function connection(scope: Scope, root: InstanceRow, state: typeof NONE) {
    const type = await context.cloud.catalogue
      .description(scope.caller, root.release_url)
      .then((description) => {
        const wanted = root.software_type === 'RootSoftwareInstance' ? 'default' : root.software_type
        return description.types.find((item) => item.softwareType === wanted && item.shared === (root.shared === 1))
      })
      .catch(() => undefined) // a release without description still has connection parameters
    const published = parseJsonInXml(textsOf(root.connection_json))
    return connectionOf(published, type?.response, state, root.shared === 1)
  }

  /** A newer release of the same product. */
  async function upgradeOf(url: string) {
    const newest = await db
      .selectFrom('release')
      .innerJoin('release as own', 'own.product_id', 'release.product_id')
      .select(['release.url', 'release.version', 'release.id', 'own.id as own_id'])
      .where('own.url', '=', url)
      .orderBy('release.id', 'desc')
      .limit(1)
      .executeTakeFirst()
    return newest && newest.id > newest.own_id ? { url: newest.url, version: newest.version } : null
  }

  /** Slaves of other services that are served by instances of this one. */
  async function dependentsOf(instances: readonly InstanceRow[]) {
    const ids = instances.map((instance) => instance.id)
    return db
      .selectFrom('instance as host')
      .innerJoin('hosted_slave', 'hosted_slave.partition_id', 'host.partition_id')
      .innerJoin('instance as slave', 'slave.id', 'hosted_slave.slave_id')
      .select(['slave.reference', 'slave.title'])
      .where('host.id', 'in', ids)
      .where('host.shared', '=', 0)
      .where('hosted_slave.present', '=', 1)
      .where('slave.id', 'not in', ids)
      .limit(50)
      .execute()
  }
}
