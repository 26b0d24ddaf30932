import { sql } from 'kysely'
import { serviceIndicator } from '../domain/indicator/instance-indicator.ts'
import { connectionOf } from './connection.ts'
import type { Context } from './context.ts'
import { projectIds } from './context.ts'
import { status, toStatus } from './indicators.ts'
import { type InstanceRow, instanceIndicators, instanceRows, textsOf } from './instance-rows.ts'
import { containing, encode, orderOf } from './keyset.ts'
import { parseJsonInXml } from './parameters.ts'
import type { Queries, Scope } from './queries.ts'
import { releaseNames } from './releases.ts'

type Mine = Pick<Queries, 'services' | 'service'>

const NONE = status('grey', 'unknown', '', null)

export function treeRows({ db }: Context, scope: Scope) {
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
      'project.reference as project',
    ])
    .where('root.live', '=', 1)
    .where('tree.project_id', 'in', projectIds(scope))
}

export type TreeRow = Awaited<ReturnType<ReturnType<typeof treeRows>['execute']>>[number]

/** Rows as list items: the status of a service is that of its worst instance. */
export async function serviceItems(context: Context, trees: readonly TreeRow[]) {
  if (trees.length === 0) return []
  const instances = await instanceRows(context)
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
      project: tree.project,
      created: tree.created_at,
      status: toStatus(serviceIndicator(tree.state, parts)),
    }
  })
}

export function serviceQueries(context: Context): Mine {
  const { db } = context
  return {
    async services(scope, query) {
      const order = orderOf(query, { title: 'title', created: 'created_at', reference: 'id' }, '-created')
      let selected = treeRows(context, scope)
      if (query.q) {
        const like = containing(query.q)
        selected = selected.where(
          sql<boolean>`(lower(tree.title) like ${like} escape '\\' or lower(root.reference) like ${like} escape '\\' or lower(root.release_url) like ${like} escape '\\')`,
        )
      }
      if (query.computer) selected = selected.where('computer.reference', '=', query.computer)
      if (query.release) selected = selected.where('root.release_url', '=', query.release)
      const counted = selected.clearSelect().select((eb) => eb.fn.countAll<number>().as('count'))
      const colors = query.color?.split(',').filter(Boolean) ?? []
      const { column, descending, limit } = order
      const side = sql.raw(descending ? '<' : '>')
      let after = order.after
      let next: string | null = null
      const kept: Awaited<ReturnType<typeof serviceItems>> = []
      // With colours, which SQL does not know, pages are read until one is full.
      const step = colors.length === 0 ? limit : 200
      for (let tries = 0; tries < 50; tries++) {
        const start = after
        const page = start
          ? selected.where(sql<boolean>`(${sql.ref(`tree.${column}`)}, tree.id) ${side} (${start.value}, ${start.id})`)
          : selected
        const rows = await page
          .orderBy(`tree.${column}`, descending ? 'desc' : 'asc')
          .orderBy('tree.id', descending ? 'desc' : 'asc')
          .limit(step + 1)
          .execute()
        const shown = rows.slice(0, step)
        const items = await serviceItems(context, shown)
        for (const [index, item] of items.entries()) {
          const row = shown[index]
          if (!row || kept.length >= limit) break
          if (colors.length === 0 || colors.includes(item.status.color)) kept.push(item)
          after = { value: row[column], id: row.id }
        }
        const more = rows.length > step || (kept.length >= limit && after?.id !== shown.at(-1)?.id)
        next = more && after ? encode(after) : null
        if (!more || kept.length >= limit) break
      }
      const total = await counted.executeTakeFirst()
      return { items: kept, next, total: Number(total?.count ?? 0) }
    },

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
