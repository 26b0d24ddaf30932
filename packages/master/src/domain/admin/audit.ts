import { masterErrors } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import type { Domain } from '../domain.ts'
import { idOf, referenceOf } from '../references.ts'
import { type Actor, actorOf } from '../rights/actor.ts'
import { authorize } from '../rights/rights.ts'

const MOST = 500

/** Who did what to what. Managers see their projects' entries, operators all. */
export function auditCases({ store }: Domain): Cloud['audit'] {
  return {
    async list(caller, { project, target, before, limit = 100 }) {
      const actor = await actorOf(store.read, caller)
      const projects = visibleProjects(actor, project)
      let query = store.read.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(Math.min(limit, MOST))
      if (projects !== undefined) query = query.where('project', 'in', [...projects])
      if (target !== undefined) query = query.where('target', '=', target)
      if (before !== undefined) query = query.where('id', '<', before)
      const rows = await query.execute()
      return rows.map(({ detail_json, ...row }) => ({
        ...row,
        detail: JSON.parse(detail_json) as Record<string, unknown>,
      }))
    },
  }
}

/** Undefined: all of them. */
function visibleProjects(actor: Actor, asked: string | undefined): readonly string[] | undefined {
  if (asked !== undefined) {
    authorize(actor, 'audit.list', { name: asked, projectId: idOf('project', asked) ?? -1 })
    return [asked]
  }
  if (actor.kind === 'system' || (actor.kind === 'person' && actor.operator)) return undefined
  const managed =
    actor.kind === 'person' ? [...actor.roles].filter(([, role]) => role !== 'member').map(([id]) => id) : []
  if (managed.length === 0)
    throw masterErrors.NOT_ALLOWED({ action: 'audit.list', what: 'the audit log', who: 'manager' })
  return managed.map((id) => referenceOf('project', id))
}
