import { isRepresentable, type TextDictionary } from '@slapos/slap'
import { masterErrors } from '../../errors.ts'
import { canonical } from '../dictionary.ts'
import { checkLimit } from '../limits.ts'
import { movePartition } from '../partition-revision.ts'
import { referenceOf } from '../references.ts'
import { type InstanceRow, instanceById } from '../rows.ts'
import type { Unit } from '../unit/unit.ts'
import { tellInstance } from './tell.ts'

/**
 * Replaces what an instance (or a slave) published. Only a difference counts; its requester is then processed again,
 * to read it. The instance itself is not: it knows what it published.
 */
export async function publishTo(unit: Unit, row: InstanceRow, connection: TextDictionary): Promise<void> {
  const json = canonical(connection)
  if (json === row.connection_json) return
  const project = referenceOf('project', row.project_id)
  await checkLimit(unit.sql, 'parameter_bytes', 'project', project, Buffer.byteLength(json))
  for (const [key, value] of Object.entries(connection)) {
    if (!isRepresentable(key) || !isRepresentable(value)) {
      const name = `the published parameter ${JSON.stringify(key)}`
      throw masterErrors.VALUE_INVALID({ name, reason: 'it holds control characters' })
    }
  }
  await unit.sql.updateTable('instance').set({ connection_json: json }).where('id', '=', row.id).execute()
  if (row.partition_id !== null) await movePartition(unit, row.partition_id, 'shown')
  const requester = row.parent_id === null ? undefined : await instanceById(unit.sql, row.parent_id)
  if (requester?.partition_id != null) await movePartition(unit, requester.partition_id, 'own')
  tellInstance(unit, row)
  unit.audit('instance.publish', row.reference, project, { keys: Object.keys(connection) })
}
