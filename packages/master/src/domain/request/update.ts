import type { InstanceRequest, InstanceState } from '@slapos/slap'
import { fixed } from '../../store/index.ts'
import { canonical } from '../dictionary.ts'
import { showSlave } from '../instance/slave-place.ts'
import { tellInstance } from '../instance/tell.ts'
import { movePartition } from '../partition-revision.ts'
import { referenceOf } from '../references.ts'
import type { InstanceRow } from '../rows.ts'
import type { Unit } from '../unit/unit.ts'
import { keepEarlier } from './earlier.ts'

/** Makes an existing instance as requested. Nothing differs: nothing is written. Answers the row as it is now. */
export async function updateInstance(
  unit: Unit,
  row: InstanceRow,
  request: InstanceRequest,
  state: InstanceState,
  parentId: number | null = row.parent_id,
): Promise<InstanceRow> {
  const wanted = {
    release_url: request.releaseUrl,
    software_type: request.softwareType,
    parameters_json: canonical(request.parameters),
    filter_json: canonical(request.filter),
    state,
    parent_id: parentId,
    orphan_since: null,
  }
  const changed = (Object.keys(wanted) as (keyof typeof wanted)[]).filter((key) => row[key] !== wanted[key])
  if (changed.length === 0) return row
  const processed = changed.some((key) => key !== 'parent_id' && key !== 'orphan_since')
  const set = { ...wanted, ...(processed ? { revision: await unit.revision() } : {}) }
  await keepEarlier(unit, row, changed)
  await unit.sql.updateTable('instance').set(set).where('id', '=', row.id).execute()
  if (processed && row.partition_id !== null) {
    if (row.shared) await showSlave(unit, row.partition_id, row.id, state === 'started')
    else await movePartition(unit, row.partition_id, 'own')
  }
  tellInstance(unit, row)
  unit.audit('instance.change', row.reference, referenceOf('project', row.project_id), { changed, state })
  return { ...row, ...set }
}

/** Stops what is below a stopped root, now: nodes need not run each requester once more to learn it. */
export async function stopTree(unit: Unit, treeId: number): Promise<void> {
  const rows = await unit.sql
    .selectFrom('instance')
    .selectAll()
    .where('tree_id', '=', treeId)
    .where('live', '=', fixed(1))
    .where('state', '=', 'started')
    .orderBy('id')
    .execute()
  if (rows.length === 0) return
  const revision = await unit.revision()
  for (const row of rows) {
    await unit.sql.updateTable('instance').set({ state: 'stopped', revision }).where('id', '=', row.id).execute()
    if (row.partition_id !== null) {
      if (row.shared) await showSlave(unit, row.partition_id, row.id, false)
      else await movePartition(unit, row.partition_id, 'own')
    }
    tellInstance(unit, row)
  }
}
