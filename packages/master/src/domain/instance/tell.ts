import { referenceOf } from '../references.ts'
import type { InstanceRow } from '../rows.ts'
import type { Unit } from '../unit/unit.ts'

/** What people look at changed: the instance, and the service that it is part of. */
export function tellInstance(unit: Unit, row: InstanceRow, gone = false): void {
  const project = referenceOf('project', row.project_id)
  unit.tell('instance', row.reference, { project, ...(gone ? { gone: true as const } : {}) })
  unit.tell('service', referenceOf('tree', row.tree_id), { project })
}
