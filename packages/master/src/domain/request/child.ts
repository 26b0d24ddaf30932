import type { InstanceRequest, InstanceState } from '@slapos/slap'
import { masterErrors } from '../../errors.ts'
import { allocate } from '../allocation/allocate.ts'
import type { Silence } from '../allocation/usable.ts'
import type { RequestAnswer } from '../cloud.ts'
import { destroyChild } from '../instance/destroy.ts'
import { referenceOf } from '../references.ts'
import type { Actor } from '../rights/actor.ts'
import { authorize } from '../rights/rights.ts'
import { type InstanceRow, instanceSubject } from '../rows.ts'
import type { Unit } from '../unit/unit.ts'
import { answerOf } from './answer.ts'
import { checkRequest } from './check.ts'
import { createInstance } from './create.ts'
import { checkAttachment } from './graph.ts'
import { refuseSwitch } from './root.ts'
import { updateInstance } from './update.ts'

/** An instance requests another one of its tree. Its identity is its title within the tree, whoever asks. */
export async function requestChild(
  unit: Unit,
  actor: Actor,
  requester: InstanceRow,
  request: InstanceRequest,
  silence: Silence,
): Promise<RequestAnswer> {
  authorize(actor, 'instances.requestChild', await instanceSubject(unit.sql, requester))
  const project = referenceOf('project', requester.project_id)
  await checkRequest(unit.sql, request, project)
  const tree = await unit.sql
    .selectFrom('tree')
    .selectAll()
    .where('id', '=', requester.tree_id)
    .executeTakeFirstOrThrow()
  const existing = await unit.sql
    .selectFrom('instance')
    .selectAll()
    .where('tree_id', '=', tree.id)
    .where('title', '=', request.title)
    .where('state', '<>', 'destroyed')
    .executeTakeFirst()
  if (existing?.id === tree.root_id) throw masterErrors.ROOT_REQUESTED({ title: request.title })
  if (request.state === 'destroyed') {
    if (existing) await destroyChild(unit, existing)
    return { kind: 'nothing' }
  }
  if (requester.state === 'destroyed') {
    throw masterErrors.REQUESTER_DESTROYED({ requester: requester.title, title: request.title })
  }
  await checkAttachment(unit.sql, tree.root_id, requester, { id: existing?.id, title: request.title })
  const state: InstanceState = tree.state === 'stopped' ? 'stopped' : request.state
  if (existing) refuseSwitch(existing, request)
  const row = existing
    ? await updateInstance(unit, existing, request, state, requester.id)
    : await createInstance(unit, request, {
        treeId: tree.id,
        projectId: tree.project_id,
        parentId: requester.id,
        state,
      })
  await allocate(unit, row, silence)
  return answerOf(unit, row)
}
