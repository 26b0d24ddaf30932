import { fixed } from '../../store/index.ts'
import { setPartitionState } from '../node/partition-state.ts'
import { movePartition } from '../partition-revision.ts'
import { referenceOf } from '../references.ts'
import { forgetEarlier } from '../request/earlier.ts'
import { type InstanceRow, instanceById } from '../rows.ts'
import type { Unit } from '../unit/unit.ts'
import { showSlave } from './slave-place.ts'
import { tellInstance } from './tell.ts'

/** Destroys a whole service in one transaction; its title is free at once. */
export async function destroyTree(unit: Unit, treeId: number): Promise<void> {
  await unit.sql.updateTable('tree').set({ state: 'destroyed', live: 0 }).where('id', '=', treeId).execute()
  const rows = await unit.sql
    .selectFrom('instance')
    .selectAll()
    .where('tree_id', '=', treeId)
    .where('live', '=', fixed(1))
    .where('state', '<>', fixed('destroyed'))
    .orderBy('id')
    .execute()
  await forgetEarlier(unit, treeId)
  for (const row of rows) await destroyOne(unit, row)
}

/** Destroys one instance. Its children stay, requested by nobody: another instance adopts them, or they are collected. */
export async function destroyChild(unit: Unit, row: InstanceRow): Promise<void> {
  await destroyOne(unit, row)
  await unit.sql
    .updateTable('instance')
    .set({ parent_id: null, orphan_since: unit.now })
    .where('parent_id', '=', row.id)
    .where('live', '=', fixed(1))
    .where('state', '<>', fixed('destroyed'))
    .execute()
}

async function destroyOne(unit: Unit, stale: InstanceRow): Promise<void> {
  // A slave of this tree may have lost its host, hence its place, a moment ago.
  const row = (await instanceById(unit.sql, stale.id)) ?? stale
  const revision = await unit.revision()
  await unit.sql
    .updateTable('instance')
    .set({ state: 'destroyed', revision, orphan_since: null, waiting_json: '[]', waiting_since: null })
    .where('id', '=', row.id)
    .execute()
  unit.audit('instance.destroy', row.reference, referenceOf('project', row.project_id))
  if (row.shared || row.partition_id === null) return bury(unit, row)
  await movePartition(unit, row.partition_id, 'own')
  await releaseSlaves(unit, row.partition_id)
  tellInstance(unit, row)
}

/** Slaves of a host that goes away wait for another one. */
export async function releaseSlaves(unit: Unit, partitionId: number): Promise<void> {
  const slaves = await unit.sql
    .selectFrom('instance')
    .selectAll()
    .where('partition_id', '=', partitionId)
    .where('shared', '=', 1)
    .execute()
  if (slaves.length === 0) return
  const revision = await unit.revision()
  await unit.sql
    .updateTable('instance')
    .set({ partition_id: null, connection_json: '{}', revision, waiting_since: unit.now })
    .where('partition_id', '=', partitionId)
    .where('shared', '=', 1)
    .execute()
  await unit.sql
    .updateTable('hosted_slave')
    .set({ present: 0, revision })
    .where('partition_id', '=', partitionId)
    .where('present', '=', 1)
    .execute()
  await unit.sql.updateTable('partition').set({ slave_count: 0 }).where('id', '=', partitionId).execute()
  await movePartition(unit, partitionId, 'slaves')
  for (const slave of slaves) tellInstance(unit, slave)
  unit.wakeWaiting()
}

/** The end of an instance: it holds nothing any more, and its partition is free again. */
export async function bury(unit: Unit, row: InstanceRow): Promise<void> {
  const revision = await unit.revision()
  await unit.sql
    .updateTable('instance')
    .set({ live: 0, partition_id: null, revision })
    .where('id', '=', row.id)
    .execute()
  await unit.sql
    .updateTable('project')
    .set((eb) =>
      row.shared ? { slave_count: eb('slave_count', '-', 1) } : { instance_count: eb('instance_count', '-', 1) },
    )
    .where('id', '=', row.project_id)
    .execute()
  await unit.sql.deleteFrom('access_status').where('reference', '=', row.reference).execute()
  if (row.partition_id !== null) await leave(unit, row, row.partition_id)
  tellInstance(unit, row, true)
}

async function leave(unit: Unit, row: InstanceRow, partitionId: number): Promise<void> {
  if (row.shared) {
    await unit.sql
      .updateTable('partition')
      .set((eb) => ({ slave_count: eb('slave_count', '-', 1) }))
      .where('id', '=', partitionId)
      .execute()
    return showSlave(unit, partitionId, row.id, false)
  }
  await releaseSlaves(unit, partitionId)
  // The next occupant starts with no slaves and no memory of these.
  await unit.sql.deleteFrom('hosted_slave').where('partition_id', '=', partitionId).execute()
  const partition = await unit.sql
    .updateTable('partition')
    .set({ slaves_floor: await unit.revision() })
    .where('id', '=', partitionId)
    .returning(['id', 'computer_id', 'state', 'listed'])
    .executeTakeFirstOrThrow()
  await setPartitionState(unit, partition, partition.listed ? 'free' : 'inactive')
  await movePartition(unit, partitionId, 'own')
  unit.wakeWaiting()
}
