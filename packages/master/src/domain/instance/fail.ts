import { accessText } from '@slapos/slap'
import { movePartition } from '../partition-revision.ts'
import type { InstanceRow } from '../rows.ts'
import { keepStatus, type StatusReport } from '../status.ts'
import type { Unit } from '../unit/unit.ts'
import { tellInstance } from './tell.ts'

/** Keeps what was reported of an instance; only a difference is told. */
export async function reportOn(unit: Unit, row: InstanceRow, report: StatusReport): Promise<void> {
  if (!(await keepStatus(unit, row.reference, report))) return
  if (row.partition_id !== null) await movePartition(unit, row.partition_id, 'shown')
  tellInstance(unit, row)
}

/** The host refuses a slave, and says why; an empty message takes it back. */
export async function failSlave(unit: Unit, slave: InstanceRow, message: string): Promise<void> {
  const text = message === '' ? accessText.started : accessText.instanceFailed(message)
  await reportOn(unit, slave, { text, detail: message })
}
