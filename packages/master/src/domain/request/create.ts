import type { InstanceRequest, InstanceState } from '@slapos/slap'
import { masterErrors } from '../../errors.ts'
import { insertion, prepared } from '../../store/index.ts'
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
  await addInstance(unit.sql, [row])
  tellInstance(unit, row)
  unit.audit('instance.create', row.reference, project, { title: request.title, release: request.releaseUrl })
  return row
}

const addInstance = insertion('instance')

/** Counted on the project's row: nothing else of the project is read. */
async function count(unit: Unit, shared: boolean, projectId: number, project: string): Promise<void> {
  const name = shared ? 'slaves' : 'instances'
  const [row] = await countOne(unit.sql, { id: projectId, slaves: Number(shared), instances: Number(!shared) })
  if (!row) throw masterErrors.NOT_FOUND({ what: project })
  await checkLimit(unit.sql, name, 'project', project, shared ? row.slave_count : row.instance_count)
}

const countOne = prepared((db, { id, slaves, instances }: { id: number; slaves: number; instances: number }) =>
  db
    .updateTable('project')
    .set((eb) => ({
      slave_count: eb('slave_count', '+', slaves),
      instance_count: eb('instance_count', '+', instances),
    }))
    .where('id', '=', id)
    .returning(['instance_count', 'slave_count']),
)
