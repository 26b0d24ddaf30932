import { masterErrors } from '../errors.ts'
import { prepared } from '../store/index.ts'
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
  const [row] = await moves[movement](unit.sql, { id: partitionId, revision })
  if (!row) throw masterErrors.NOT_FOUND({ what: `the partition ${partitionId}` })
  unit.touchComputer(row.computer_id)
  if (movement === 'shown') return row
  const computer = referenceOf('computer', row.computer_id)
  unit.tell(movement === 'own' ? 'partition' : 'slaves', partitionReference(row.computer_id, row.reference), {
    computer,
  })
  return row
}

const move = (columns: readonly ('revision' | 'own_revision' | 'slaves_revision' | 'touched')[]) =>
  prepared((db, { id, revision }: { id: number; revision: number }) =>
    db
      .updateTable('partition')
      .set(Object.fromEntries(columns.map((column) => [column, revision])))
      .where('id', '=', id)
      .returning(['computer_id', 'reference']),
  )

const moves = {
  own: move(['revision', 'own_revision', 'touched']),
  slaves: move(['revision', 'slaves_revision', 'touched']),
  shown: move(['touched']),
}

/** Several at once, as a whole node's. */
export async function movePartitions(unit: Unit, ids: readonly number[], movement: Movement): Promise<void> {
  for (const id of ids) await movePartition(unit, id, movement)
}
