import type { InstanceRequest, InstanceState } from '@slapos/slap'
import { canonical } from '../dictionary.ts'
import { tellInstance } from '../instance/tell.ts'
import { checkLimit } from '../limits.ts'
import { referenceOf } from '../references.ts'
import type { InstanceRow } from '../rows.ts'
import { take } from '../unit/counters.ts'
import type { Unit } from '../unit/unit.ts'

export interface NewPlace {
  readonly treeId: number
  readonly projectId: number
  readonly parentId: number | null
  readonly state: InstanceState
}

export async function createInstance(unit: Unit, request: InstanceRequest, place: NewPlace): Promise<InstanceRow> {
  const project = referenceOf('project', place.projectId)
  await count(unit, request.shared, place.projectId, project)
  const id = await take(unit.sql, 'instance')
  const row: InstanceRow = {
    id,
    reference: referenceOf('instance', id),
    tree_id: place.treeId,
    project_id: place.projectId,
    parent_id: place.parentId,
    title: request.title,
    shared: request.shared ? 1 : 0,
    release_url: request.releaseUrl,
    software_type: request.softwareType,
    parameters_json: canonical(request.parameters),
    filter_json: canonical(request.filter),
    connection_json: '{}',
    state: place.state,
    live: 1,
    partition_id: null,
    revision: await unit.revision(),
    created_at: unit.now,
    waiting_json: '[]',
    waiting_since: unit.now,
    orphan_since: null,
  }
  await unit.sql.insertInto('instance').values(row).execute()
  tellInstance(unit, row)
  unit.audit('instance.create', row.reference, project, { title: request.title, release: request.releaseUrl })
  return row
}

/** Counted on the project's row: nothing else of the project is read. */
async function count(unit: Unit, shared: boolean, projectId: number, project: string): Promise<void> {
  const row = await unit.sql
    .updateTable('project')
    .set((eb) =>
      shared ? { slave_count: eb('slave_count', '+', 1) } : { instance_count: eb('instance_count', '+', 1) },
    )
    .where('id', '=', projectId)
    .returning(['instance_count', 'slave_count'])
    .executeTakeFirstOrThrow()
  if (shared) await checkLimit(unit.sql, 'slaves', 'project', project, row.slave_count)
  else await checkLimit(unit.sql, 'instances', 'project', project, row.instance_count)
}
