import { sql } from 'kysely'
import { fixed, prepared, type Reader, type Sql } from '../../store/index.ts'
import type { Demand, NodeCandidate } from './choose.ts'
import { factsOf, type Silence, usableComputers } from './usable.ts'

/** How many of the lightest nodes are looked at before all of them. */
const FIRST_LOOK = 16

/**
 * The least loaded nodes that have the release and a free partition, lightest first: one that suits among them is the
 * best of all. The database still orders every node that has the release, but only these are read into memory.
 */
export async function lightestNodes(
  tx: Sql,
  projectId: number,
  demand: Demand,
  silence: Silence,
): Promise<readonly NodeCandidate[]> {
  const rows = await lightest(tx, { projectId, releaseUrl: demand.releaseUrl })
  return rows.map((row) => candidate(row, silence, []))
}

/** Every node that the project may use: to say of each why not. Of a demand that names a node, that one. */
export async function allNodes(
  tx: Sql,
  projectId: number,
  demand: Demand,
  silence: Silence,
): Promise<readonly NodeCandidate[]> {
  const nodes = supplied(tx, projectId, demand.releaseUrl)
  const { computer: named } = demand.sla
  const rows = await (named === undefined ? nodes : nodes.where('computer.reference', '=', named))
    .orderBy('computer.id')
    .execute()
  const others = await otherReleases(tx, demand.releaseUrl)
  return rows.map((row) => candidate(row, silence, others.get(row.id) ?? []))
}

/** As `chooseNode` orders: busy partitions, of those that it may fill. Equal shares are equal floating-point numbers. */
const size = sql<number>`case when computer.capacity < computer.busy_count + computer.free_count
  then computer.capacity else computer.busy_count + computer.free_count end`
const load = sql<number>`cast(computer.busy_count as double precision) / case when ${size} < 1 then 1 else ${size} end`

const lightest = prepared((db, { projectId, releaseUrl }: { projectId: number; releaseUrl: string }) =>
  supplied(db, projectId, releaseUrl)
    .where('installation.id', 'is not', null)
    .where('computer.scope', '=', 'open')
    .where('computer.free_count', '>', 0)
    .orderBy(load)
    .orderBy('computer.busy_count')
    .orderBy('computer.id')
    .limit(FIRST_LOOK),
)

function supplied(db: Reader | Sql, projectId: number, releaseUrl: string) {
  return usableComputers(db, projectId)
    .leftJoin('computer_format', 'computer_format.computer_id', 'computer.id')
    .leftJoin('installation', (join) =>
      join
        .onRef('installation.computer_id', '=', 'computer.id')
        .on('installation.url', '=', releaseUrl)
        .on('installation.live', '=', fixed(1))
        .on('installation.state', '=', fixed('available')),
    )
    .select(['installation.id as installation_id', 'computer_format.has_ipv6'])
}

type Row = Awaited<ReturnType<ReturnType<typeof supplied>['execute']>>[number]

function candidate(row: Row, silence: Silence, otherReleases: readonly string[]): NodeCandidate {
  return {
    ...factsOf(row, silence),
    supplied: row.installation_id !== null,
    hasIpv6: row.has_ipv6 === 1,
    otherReleases,
  }
}

/** Per node, the supplied releases of the same product as `url`, newest first. */
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
  for (const { computer_id, version } of rows) {
    const versions = found.get(computer_id)
    if (versions) versions.push(version)
    else found.set(computer_id, [version])
  }
  return found
}
