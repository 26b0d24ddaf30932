import { accessStatus } from '@slapos/slap'
import type { Reader, Sql } from '../../store/index.ts'
import type { InstanceView } from '../cloud.ts'
import { dictionaryOf, listOf } from '../dictionary.ts'
import { referenceOf } from '../references.ts'
import { readStatuses } from '../status.ts'

/** Instances as surfaces show them. Refine with `where` before running. */
export function viewQuery(db: Reader | Sql) {
  return db
    .selectFrom('instance')
    .innerJoin('tree', 'tree.id', 'instance.tree_id')
    .leftJoin('partition', 'partition.id', 'instance.partition_id')
    .selectAll('instance')
    .select([
      'tree.title as root_title',
      'tree.root_id',
      'partition.computer_id',
      'partition.reference as partition_reference',
    ])
    .where('instance.live', '=', 1)
    .orderBy('instance.id')
}

export async function viewsOf(
  db: Reader | Sql,
  query: ReturnType<typeof viewQuery>,
  now: number,
): Promise<readonly InstanceView[]> {
  const rows = await query.execute()
  const statuses = await readStatuses(
    db,
    rows.map((row) => row.reference),
  )
  return rows.map((row) => ({
    guid: row.reference,
    title: row.title,
    rootTitle: row.root_title,
    rootGuid: referenceOf('instance', row.root_id),
    project: referenceOf('project', row.project_id),
    releaseUrl: row.release_url,
    softwareType: row.software_type,
    shared: row.shared === 1,
    state: row.state,
    parameters: dictionaryOf(row.parameters_json),
    filter: dictionaryOf(row.filter_json),
    connection: dictionaryOf(row.connection_json),
    computer: row.computer_id === null ? null : referenceOf('computer', row.computer_id),
    partition: row.partition_reference,
    revision: row.revision,
    status: accessStatus(
      { reference: row.reference, portalType: row.shared ? 'Slave Instance' : 'Software Instance' },
      statuses.get(row.reference),
      now,
    ),
    waiting: listOf<string>(row.waiting_json),
    waitingSince: row.waiting_since,
  }))
}
