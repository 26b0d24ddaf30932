import type { FullIpEntry, IpEntry, OccupantDocument, SlaveDocument } from '@slapos/slap'
import type { Reader } from '../../store/index.ts'
import { dictionaryOf, listOf } from '../dictionary.ts'
import { readStatuses } from '../status.ts'

export interface Occupied {
  readonly partition: {
    readonly id: number
    readonly reference: string
    readonly revision: number
    readonly own_revision: number
    readonly slaves_revision: number
    readonly listed: number
  }
  readonly occupant: Omit<OccupantDocument, 'slaves'> | undefined
}

/** Partitions of a computer with what occupies them: two queries, whatever their number. */
export async function occupiedPartitions(
  read: Reader,
  computerId: number,
  which: { readonly reference?: string; readonly touchedAfter?: number } = {},
): Promise<readonly Occupied[]> {
  let query = read
    .selectFrom('partition')
    .leftJoin('instance', (join) =>
      join.onRef('instance.partition_id', '=', 'partition.id').on('instance.shared', '=', 0),
    )
    .leftJoin('tree', 'tree.id', 'instance.tree_id')
    .select([
      'partition.id',
      'partition.reference',
      'partition.listed',
      'partition.revision',
      'partition.own_revision',
      'partition.slaves_revision',
      'partition.ip_json',
      'partition.full_ip_json',
      'instance.reference as guid',
      'instance.title',
      'instance.state',
      'instance.release_url',
      'instance.software_type',
      'instance.parameters_json',
      'instance.filter_json',
      'instance.connection_json',
      'tree.title as root_title',
    ])
    .where('partition.computer_id', '=', computerId)
    .orderBy('partition.position')
    .orderBy('partition.id')
  if (which.reference !== undefined) query = query.where('partition.reference', '=', which.reference)
  if (which.touchedAfter === undefined) query = query.where('partition.listed', '=', 1)
  else query = query.where('partition.touched', '>', which.touchedAfter)
  const rows = await query.execute()
  const statuses = await readStatuses(
    read,
    rows.flatMap(({ guid }) => (guid === null ? [] : [guid])),
  )
  return rows.map((row) => ({
    partition: row,
    occupant:
      row.guid === null || row.state === null
        ? undefined
        : {
            instanceGuid: row.guid,
            title: row.title ?? '',
            rootTitle: row.root_title ?? '',
            state: row.state,
            releaseUrl: row.release_url ?? '',
            softwareType: row.software_type ?? '',
            parameters: dictionaryOf(row.parameters_json ?? '{}'),
            connection: dictionaryOf(row.connection_json ?? '{}'),
            filter: dictionaryOf(row.filter_json ?? '{}'),
            accessStatus: statuses.get(row.guid)?.text,
            ipList: listOf<IpEntry>(row.ip_json),
            fullIpList: listOf<FullIpEntry>(row.full_ip_json),
            timestamp: String(row.revision),
          },
  }))
}

/** Slaves served on these partitions, by partition; with `after`, only those that changed since. */
export async function servedSlaves(
  read: Reader,
  partitionIds: readonly number[],
): Promise<ReadonlyMap<number, readonly SlaveDocument[]>> {
  if (partitionIds.length === 0) return new Map()
  const rows = await slaveRows(read)
    .where('hosted_slave.partition_id', 'in', [...partitionIds])
    .where('hosted_slave.present', '=', 1)
    .orderBy('instance.id')
    .execute()
  const found = new Map<number, SlaveDocument[]>()
  for (const row of rows) {
    const list = found.get(row.partition_id)
    if (list) list.push(slaveDocument(row))
    else found.set(row.partition_id, [slaveDocument(row)])
  }
  return found
}

export function slaveRows(read: Reader) {
  return read
    .selectFrom('hosted_slave')
    .innerJoin('instance', 'instance.id', 'hosted_slave.slave_id')
    .select([
      'hosted_slave.partition_id',
      'hosted_slave.present',
      'hosted_slave.revision',
      'instance.reference',
      'instance.title',
      'instance.software_type',
      'instance.parameters_json',
      'instance.connection_json',
    ])
}

export function slaveDocument(row: {
  readonly reference: string
  readonly title: string
  readonly software_type: string
  readonly parameters_json: string
  readonly connection_json: string
  readonly revision: number
}): SlaveDocument {
  return {
    reference: row.reference,
    title: row.title,
    softwareType: row.software_type,
    parameters: dictionaryOf(row.parameters_json),
    connection: dictionaryOf(row.connection_json),
    timestamp: String(row.revision),
  }
}
