import { fixed, type Sql } from '../../store/index.ts'
import type { Demand, HostCandidate } from './choose.ts'
import { factsOf, type Silence, usableComputers } from './usable.ts'

/** `RootSoftwareInstance` and `default` are one type. */
const sameType = (type: string): readonly string[] =>
  type === 'default' || type === 'RootSoftwareInstance' ? ['default', 'RootSoftwareInstance'] : [type]

/** Instances of the same release and type that this project may use; the one that the demand names, if it names one. */
export async function hostCandidates(
  tx: Sql,
  projectId: number,
  demand: Demand,
  silence: Silence,
): Promise<readonly HostCandidate[]> {
  const hosts = usableComputers(tx, projectId)
    .innerJoin('partition', 'partition.computer_id', 'computer.id')
    .innerJoin('instance', 'instance.partition_id', 'partition.id')
    .select(['instance.reference as host', 'partition.id as partition_id', 'partition.slave_count'])
    .where('instance.release_url', '=', demand.releaseUrl)
    .where('instance.software_type', 'in', [...sameType(demand.softwareType)])
    .where('instance.shared', '=', fixed(0))
    .where('instance.partition_id', 'is not', null)
    .where('instance.live', '=', fixed(1))
    .where('instance.state', '<>', 'destroyed')
  const { host: named } = demand.sla
  const rows = await (named === undefined ? hosts : hosts.where('instance.reference', '=', named))
    .orderBy('computer.id')
    .execute()
  return rows.map((row) => ({
    ...factsOf(row, silence),
    host: row.host,
    partitionId: row.partition_id,
    slaves: row.slave_count,
  }))
}
