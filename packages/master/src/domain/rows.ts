import type { Selectable } from 'kysely'
import { masterErrors } from '../errors.ts'
import { prepared, type Reader, type Sql } from '../store/index.ts'
import type { ComputerTable, InstanceTable, PartitionTable, ProjectTable } from '../store/tables/domain.ts'
import type { InstanceLocator } from './cloud.ts'
import { idOf } from './references.ts'
import type { Subject } from './rights/rights.ts'

export type ComputerRow = Selectable<ComputerTable>
export type PartitionRow = Selectable<PartitionTable>
export type InstanceRow = Selectable<InstanceTable>
export type ProjectRow = Selectable<ProjectTable>
type Db = Reader | Sql

export async function findComputer(db: Db, reference: string): Promise<ComputerRow> {
  const row = await db
    .selectFrom('computer')
    .selectAll()
    .where('id', '=', idOf('computer', reference) ?? -1)
    .where('live', '=', 1)
    .executeTakeFirst()
  if (!row) throw masterErrors.NOT_FOUND({ what: reference })
  return row
}

export async function findProject(db: Db, reference: string): Promise<ProjectRow> {
  const [row] = await activeProject(db, { id: idOf('project', reference) ?? -1 })
  if (!row) throw masterErrors.NOT_FOUND({ what: reference })
  return row
}

const activeProject = prepared((db, { id }: { id: number }) =>
  db.selectFrom('project').selectAll().where('id', '=', id).where('state', '=', 'active'),
)

export async function findPartition(db: Db, computer: string, partition: string): Promise<PartitionRow> {
  const row = await db
    .selectFrom('partition')
    .selectAll()
    .where('computer_id', '=', idOf('computer', computer) ?? -1)
    .where('reference', '=', partition)
    .executeTakeFirst()
  if (!row) throw masterErrors.NOT_FOUND({ what: `${computer}/${partition}` })
  return row
}

export async function instanceById(db: Db, id: number): Promise<InstanceRow | undefined> {
  const [row] = await instanceRows(db, { id })
  return row
}

const instanceRows = prepared((db, { id }: { id: number }) =>
  db.selectFrom('instance').selectAll().where('id', '=', id),
)

export const occupantOf = (db: Db, partitionId: number): Promise<InstanceRow | undefined> =>
  db
    .selectFrom('instance')
    .selectAll()
    .where('partition_id', '=', partitionId)
    .where('shared', '=', 0)
    .executeTakeFirst()

/** A living instance by its guid, or the occupant of a partition. */
export async function findInstance(db: Db, at: InstanceLocator): Promise<InstanceRow> {
  const row = 'guid' in at ? await byGuid(db, at.guid) : await byPlace(db, at.computer, at.partition)
  if (!row)
    throw masterErrors.NOT_FOUND({ what: 'guid' in at ? at.guid : `an instance in ${at.computer}/${at.partition}` })
  return row
}

async function byGuid(db: Db, guid: string): Promise<InstanceRow | undefined> {
  const id = idOf('instance', guid)
  const row = id === undefined ? undefined : await instanceById(db, id)
  return row?.live === 1 ? row : undefined
}

async function byPlace(db: Db, computer: string, partition: string): Promise<InstanceRow | undefined> {
  return occupantOf(db, (await findPartition(db, computer, partition)).id)
}

/** Who may use a node, for rights. */
export async function computerSubject(db: Db, row: ComputerRow): Promise<Subject> {
  const subject = { name: row.reference, projectId: row.project_id, computerId: row.id }
  if (row.visibility === 'everybody') return { ...subject, usableBy: 'everybody' }
  const shares =
    row.visibility === 'project'
      ? []
      : await db.selectFrom('computer_share').select('project_id').where('computer_id', '=', row.id).execute()
  return { ...subject, usableBy: new Set([row.project_id, ...shares.map((share) => share.project_id)]) }
}

export async function instanceSubject(db: Db, row: InstanceRow): Promise<Subject> {
  const place =
    row.partition_id === null
      ? undefined
      : await db.selectFrom('partition').select('computer_id').where('id', '=', row.partition_id).executeTakeFirst()
  return {
    name: row.reference,
    projectId: row.project_id,
    computerId: place?.computer_id ?? null,
    instanceId: row.id,
    treeId: row.tree_id,
    partitionId: row.partition_id,
    shared: row.shared === 1,
  }
}
