import { movePartition } from '../partition-revision.ts'
import { type InstanceRow, instanceById } from '../rows.ts'
import type { Unit } from '../unit/unit.ts'
import { showSlave } from './slave-place.ts'

/** The instance, and every requester above it up to the root, is processed again. */
export async function bangTree(unit: Unit, row: InstanceRow): Promise<void> {
  const seen = new Set<number>()
  for (let at: InstanceRow | undefined = row; at !== undefined && !seen.has(at.id); ) {
    seen.add(at.id)
    if (at.partition_id !== null) {
      if (at.shared) await showSlave(unit, at.partition_id, at.id, at.state === 'started')
      else await movePartition(unit, at.partition_id, 'own')
    }
    at = at.parent_id === null ? undefined : await instanceById(unit.sql, at.parent_id)
  }
}
