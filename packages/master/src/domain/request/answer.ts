import type { FullIpEntry, IpEntry, RequestedInstance } from '@slapos/slap'
import { masterErrors } from '../../errors.ts'
import { prepared } from '../../store/index.ts'
import type { RequestAnswer } from '../cloud.ts'
import { dictionaryOf, listOf } from '../dictionary.ts'
import { referenceOf } from '../references.ts'
import { type InstanceRow, instanceById } from '../rows.ts'
import { statusOf } from '../status.ts'
import type { Unit } from '../unit/unit.ts'

/** What the requester learns. For a slave: the place of its host, its own parameters and results. */
export async function answerOf(unit: Unit, row: InstanceRow): Promise<RequestAnswer> {
  const now = (await instanceById(unit.sql, row.id)) ?? row
  if (now.state === 'destroyed') return { kind: 'nothing' }
  if (now.partition_id === null) {
    return { kind: 'waiting', instanceGuid: now.reference, reasons: listOf<string>(now.waiting_json) }
  }
  const [place] = await places(unit.sql, { treeId: now.tree_id, partitionId: now.partition_id })
  if (!place) throw masterErrors.NOT_FOUND({ what: `the place of ${now.reference}` })
  const instance: RequestedInstance = {
    computerId: referenceOf('computer', place.computer_id),
    partitionId: place.reference,
    instanceGuid: now.reference,
    title: now.title,
    rootTitle: place.root_title,
    state: now.state,
    releaseUrl: now.release_url,
    softwareType: now.software_type,
    parameters: dictionaryOf(now.parameters_json),
    connection: dictionaryOf(now.connection_json),
    filter: dictionaryOf(now.filter_json),
    ipList: listOf<IpEntry>(place.ip_json),
    fullIpList: listOf<FullIpEntry>(place.full_ip_json),
    timestamp: String(now.shared ? now.revision : place.revision),
  }
  const portalType = now.shared ? 'Slave Instance' : 'Software Instance'
  return { kind: 'allocated', instance, status: await statusOf(unit.sql, now.reference, portalType, unit.now) }
}

const places = prepared((db, { treeId, partitionId }: { treeId: number; partitionId: number }) =>
  db
    .selectFrom(['partition', 'tree'])
    .select([
      'partition.computer_id',
      'partition.reference',
      'partition.ip_json',
      'partition.full_ip_json',
      'partition.revision',
      'tree.title as root_title',
    ])
    .where('partition.id', '=', partitionId)
    .where('tree.id', '=', treeId),
)
