import { sql } from 'kysely'
import { fixed, type Sql } from '../../store/index.ts'
import { dictionaryOf, listOf } from '../dictionary.ts'
import { referenceOf } from '../references.ts'
import type { ComputerRow, InstanceRow } from '../rows.ts'
import { parseSla } from '../sla.ts'
import type { Demand, HostCandidate, NodeCandidate, NodeFacts } from './choose.ts'

/** `RootSoftwareInstance` and `default` are one type. */
const sameType = (type: string): readonly string[] =>
  type === 'default' || type === 'RootSoftwareInstance' ? ['default', 'RootSoftwareInstance'] : [type]

/** Says why a node is not contacted; undefined when it is. */
export type Silence = (computer: ComputerRow) => string | undefined

export async function demandOf(tx: Sql, row: InstanceRow): Promise<Demand> {
  const sla = parseSla(dictionaryOf(row.filter_json))
  const release = await tx
    .selectFrom('release')
    .innerJoin('product', 'product.id', 'release.product_id')
    .select(['product.reference', 'release.version'])
    .where('release.url', '=', row.release_url)
    .executeTakeFirst()
  const described = await tx
    .selectFrom('description')
    .select('needs_ipv6')
    .where('url', '=', row.release_url)
    .executeTakeFirst()
  return {
    needsIpv6: described?.needs_ipv6 === 1,
    releaseUrl: row.release_url,
    releaseName: release ? `${release.reference} ${release.version}` : row.release_url,
    softwareType: row.software_type,
    sla,
    project: referenceOf('project', row.project_id),
    usedNetworks: sla.uniqueByNetwork ? await networksOf(tx, row) : new Set(),
  }
}

async function networksOf(tx: Sql, row: InstanceRow): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('instance')
    .innerJoin('partition', 'partition.id', 'instance.partition_id')
    .innerJoin('computer', 'computer.id', 'partition.computer_id')
    .select('computer.network_id')
    .where('instance.tree_id', '=', row.tree_id)
    .where('instance.live', '=', fixed(1))
    .where('instance.id', '<>', row.id)
    .execute()
  return new Set(rows.flatMap(({ network_id }) => (network_id === null ? [] : [referenceOf('network', network_id)])))
}

/** Nodes where a project may place instances. */
export function usableComputers(tx: Sql, projectId: number) {
  return tx
    .selectFrom('computer')
    .selectAll('computer')
    .where('computer.live', '=', fixed(1))
    .where('computer.scope', '<>', 'close/forever')
    .where((eb) =>
      eb.or([
        eb('computer.project_id', '=', projectId),
        eb('computer.visibility', '=', 'everybody'),
        eb.and([
          eb('computer.visibility', '=', 'named'),
          eb.exists(
            eb
              .selectFrom('computer_share')
              .select('computer_share.project_id')
              .whereRef('computer_share.computer_id', '=', 'computer.id')
              .where('computer_share.project_id', '=', projectId),
          ),
        ]),
      ]),
    )
    .orderBy('computer.id')
}

export async function nodeCandidates(
  tx: Sql,
  projectId: number,
  demand: Demand,
  silence: Silence,
): Promise<readonly NodeCandidate[]> {
  const computers = await usableComputers(tx, projectId).execute()
  const supplied = await suppliedOn(tx, demand.releaseUrl)
  const others = await otherReleases(tx, demand.releaseUrl)
  const loads = await loadsOf(tx, [...supplied])
  const free = await freeGroups(tx, [...supplied])
  const ipv6 = demand.needsIpv6 ? await withIpv6(tx) : new Set<number>()
  return computers.map((computer) => ({
    ...factsOf(computer, silence, loads.get(computer.id)),
    supplied: supplied.has(computer.id),
    hasIpv6: ipv6.has(computer.id),
    otherReleases: others.get(computer.id) ?? [],
    free: free.get(computer.id) ?? [],
  }))
}

function factsOf(row: ComputerRow, silence: Silence, load: { used: number; total: number } | undefined): NodeFacts {
  return {
    computer: row.reference,
    id: row.id,
    scope: row.scope,
    silence: silence(row),
    network: row.network_id === null ? undefined : referenceOf('network', row.network_id),
    categories: dictionaryOf(row.categories_json),
    used: load?.used ?? 0,
    total: load?.total ?? 0,
    capacity: row.capacity ?? undefined,
  }
}

async function suppliedOn(tx: Sql, url: string): Promise<ReadonlySet<number>> {
  const rows = await tx
    .selectFrom('installation')
    .select('computer_id')
    .where('url', '=', url)
    .where('live', '=', fixed(1))
    .where('state', '=', fixed('available'))
    .execute()
  return new Set(rows.map((row) => row.computer_id))
}

async function withIpv6(tx: Sql): Promise<ReadonlySet<number>> {
  const rows = await tx.selectFrom('computer_format').select('computer_id').where('has_ipv6', '=', 1).execute()
  return new Set(rows.map((row) => row.computer_id))
}

/** Per node, the supplied releases of the same product as `url`. */
async function otherReleases(tx: Sql, url: string): Promise<ReadonlyMap<number, readonly string[]>> {
  const rows = await tx
    .selectFrom('release as wanted')
    .innerJoin('release as other', 'other.product_id', 'wanted.product_id')
    .innerJoin('installation', 'installation.url', 'other.url')
    .select(['installation.computer_id', 'other.version'])
    .where('wanted.url', '=', url)
    .where('other.url', '<>', url)
    .where('installation.live', '=', fixed(1))
    .where('installation.state', '=', fixed('available'))
    .orderBy('other.id', 'desc')
    .execute()
  const found = new Map<number, string[]>()
  for (const { computer_id, version } of rows) found.set(computer_id, [...(found.get(computer_id) ?? []), version])
  return found
}

async function loadsOf(tx: Sql, computers: readonly number[]) {
  if (computers.length === 0) return new Map<number, { used: number; total: number }>()
  const rows = await tx
    .selectFrom('partition')
    .select([
      'computer_id',
      sql<number>`sum(case when state = 'busy' then 1 else 0 end)`.as('used'),
      sql<number>`count(*)`.as('total'),
    ])
    .where('computer_id', 'in', [...computers])
    .where('state', '<>', fixed('inactive'))
    .groupBy('computer_id')
    .execute()
  return new Map(rows.map((row) => [row.computer_id, { used: Number(row.used), total: Number(row.total) }]))
}

async function freeGroups(tx: Sql, computers: readonly number[]) {
  const found = new Map<number, { capabilities: readonly string[]; partitionId: number }[]>()
  if (computers.length === 0) return found
  // The lowest of (position, id) of each group, in one pass over the index of free partitions.
  const rows = await tx
    .selectFrom('partition')
    .select(['computer_id', 'capabilities_json', sql<number>`min(position)`.as('position')])
    .where('computer_id', 'in', [...computers])
    .where('state', '=', fixed('free'))
    .where('listed', '=', fixed(1))
    .groupBy(['computer_id', 'capabilities_json'])
    .orderBy('computer_id')
    .orderBy('position')
    .execute()
  for (const { computer_id, capabilities_json, position } of rows) {
    const groups = found.get(computer_id) ?? []
    const row = await tx
      .selectFrom('partition')
      .select('id')
      .where('computer_id', '=', computer_id)
      .where('capabilities_json', '=', capabilities_json)
      .where('state', '=', fixed('free'))
      .where('listed', '=', fixed(1))
      .where('position', '=', Number(position))
      .orderBy('id')
      .limit(1)
      .executeTakeFirstOrThrow()
    found.set(computer_id, [...groups, { capabilities: listOf<string>(capabilities_json), partitionId: row.id }])
  }
  return found
}

/** Instances of the same release and type that this project may use. */
export async function hostCandidates(
  tx: Sql,
  projectId: number,
  demand: Demand,
  silence: Silence,
): Promise<readonly HostCandidate[]> {
  const rows = await usableComputers(tx, projectId)
    .innerJoin('partition', 'partition.computer_id', 'computer.id')
    .innerJoin('instance', 'instance.partition_id', 'partition.id')
    .select(['instance.reference as host', 'partition.id as partition_id', 'partition.slave_count'])
    .where('instance.release_url', '=', demand.releaseUrl)
    .where('instance.software_type', 'in', [...sameType(demand.softwareType)])
    .where('instance.shared', '=', fixed(0))
    .where('instance.partition_id', 'is not', null)
    .where('instance.live', '=', fixed(1))
    .where('instance.state', '<>', 'destroyed')
    .execute()
  return rows.map(({ host, partition_id, slave_count, ...computer }) => ({
    ...factsOf(computer, silence, undefined),
    host,
    partitionId: partition_id,
    slaves: slave_count,
  }))
}
