import { partitionReference, referenceOf } from './references.ts'
import type { Unit } from './unit/unit.ts'

/**
 * The revisions of a partition. `own`: the instance must be reprocessed. `slaves`: only its slaves changed. `shown`:
 * something that documents show changed, nothing to process (a status, published parameters), so the node is not told.
 */
export type Movement = 'own' | 'slaves' | 'shown'

export async function movePartition(
  unit: Unit,
  partitionId: number,
  movement: Movement,
): Promise<{ readonly computer_id: number }> {
  const revision = await unit.revision()
  const set = {
    own: { revision, own_revision: revision, touched: revision },
    slaves: { revision, slaves_revision: revision, touched: revision },
    shown: { touched: revision },
  }[movement]
  const row = await unit.sql
    .updateTable('partition')
    .set(set)
    .where('id', '=', partitionId)
    .returning(['computer_id', 'reference'])
    .executeTakeFirstOrThrow()
  unit.touchComputer(row.computer_id)
  if (movement === 'shown') return row
  const computer = referenceOf('computer', row.computer_id)
  unit.tell(movement === 'own' ? 'partition' : 'slaves', partitionReference(row.computer_id, row.reference), {
    computer,
  })
  return row
}

/** Several at once, as a whole node's. */
export async function movePartitions(unit: Unit, ids: readonly number[], movement: Movement): Promise<void> {
  for (const id of ids) await movePartition(unit, id, movement)
}
