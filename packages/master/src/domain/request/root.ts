import type { InstanceRequest } from '@slapos/slap'
import { masterErrors } from '../../errors.ts'
import { fixed, insertion, prepared } from '../../store/index.ts'
import { allocate } from '../allocation/allocate.ts'
import type { Silence } from '../allocation/usable.ts'
import type { RequestAnswer } from '../cloud.ts'
import { destroyTree } from '../instance/destroy.ts'
import { referenceOf } from '../references.ts'
import type { Actor } from '../rights/actor.ts'
import { authorize } from '../rights/rights.ts'
import { findProject, type InstanceRow, instanceById } from '../rows.ts'
import { take } from '../unit/counters.ts'
import type { Unit } from '../unit/unit.ts'
import { answerOf } from './answer.ts'
import { checkRequest } from './check.ts'
import { createInstance } from './create.ts'
import { projectOfRequest } from './project.ts'
import { stopTree, updateInstance } from './update.ts'

/** A person requests a service. Its identity is its title within the project. */
export async function requestRoot(
  unit: Unit,
  actor: Actor,
  request: InstanceRequest,
  silence: Silence,
): Promise<RequestAnswer> {
  const projectId = await projectOfRequest(unit.sql, actor, request)
  const project = referenceOf('project', projectId)
  authorize(actor, 'instances.requestRoot', { name: project, projectId })
  await findProject(unit.sql, project)
  await checkRequest(unit.sql, request, project)
  const [tree] = await livingTree(unit.sql, { projectId, title: request.title })
  if (!tree) {
    if (request.state === 'destroyed') return { kind: 'nothing' }
    const row = await createTree(unit, actor, request, projectId)
    await allocate(unit, row, silence)
    return answerOf(unit, row)
  }
  const root = await instanceById(unit.sql, tree.root_id)
  if (!root) throw masterErrors.NOT_FOUND({ what: tree.reference })
  if (request.state === 'destroyed') {
    await destroyTree(unit, tree.id)
    return { kind: 'nothing' }
  }
  refuseSwitch(root, request)
  if (tree.state !== request.state) {
    await unit.sql.updateTable('tree').set({ state: request.state }).where('id', '=', tree.id).execute()
  }
  const row = await updateInstance(unit, root, request, request.state)
  if (request.state === 'stopped' && tree.state !== 'stopped') await stopTree(unit, tree.id)
  await allocate(unit, row, silence)
  return answerOf(unit, row)
}

const livingTree = prepared((db, { projectId, title }: { projectId: number; title: string }) =>
  db
    .selectFrom('tree')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('title', '=', title)
    .where('live', '=', fixed(1)),
)

/** Throws when a slave is requested as an instance, or the reverse. */
export function refuseSwitch(row: InstanceRow, request: InstanceRequest): void {
  if ((row.shared === 1) === request.shared) return
  throw masterErrors.KIND_SWITCH({ title: row.title, kind: row.shared ? 'a slave' : 'an instance, not a slave' })
}

async function createTree(unit: Unit, actor: Actor, request: InstanceRequest, projectId: number): Promise<InstanceRow> {
  const id = await take(unit.sql, 'tree')
  const row = await createInstance(unit, request, {
    treeId: id,
    projectId,
    parentId: null,
    state: request.state,
  })
  const tree = {
    id,
    reference: referenceOf('tree', id),
    project_id: projectId,
    person_id: actor.kind === 'person' ? actor.id : null,
    title: request.title,
    state: request.state,
    live: 1,
    root_id: row.id,
    created_at: unit.now,
  } as const
  await addTree(unit.sql, [tree])
  return row
}

const addTree = insertion('tree')
