import { movePartition } from '../partition-revision.ts'
import type { Unit } from '../unit/unit.ts'

/** The host's list of slaves: this one is in it (placed and started), changed, or gone. Touches one row of it. */
export async function showSlave(unit: Unit, partitionId: number, slaveId: number, present: boolean): Promise<void> {
  const revision = await unit.revision()
  const set = { revision, present: present ? (1 as const) : (0 as const) }
  await unit.sql
    .insertInto('hosted_slave')
    .values({ partition_id: partitionId, slave_id: slaveId, ...set })
    .onConflict((conflict) => conflict.columns(['partition_id', 'slave_id']).doUpdateSet(set))
    .execute()
  await movePartition(unit, partitionId, 'slaves')
}
