import type { InstanceRequest } from '@slapos/slap'
import { masterErrors } from '../../errors.ts'
import type { Sql } from '../../store/index.ts'
import { idOf, referenceOf } from '../references.ts'
import type { Actor } from '../rights/actor.ts'

/**
 * The project of a root request: the one named; else the only one of the person; else the one that already has a
 * service of this title; else that of the node or network named in the placement keys.
 */
export async function projectOfRequest(tx: Sql, actor: Actor, request: InstanceRequest): Promise<number> {
  const named = request.project || request.filter['project_guid']
  if (named) return idOf('project', named) ?? -1
  const mine = await projectsOf(tx, actor)
  const [only] = mine
  if (mine.length === 1 && only !== undefined) return only
  const owning = await tx
    .selectFrom('tree')
    .select('project_id')
    .where('title', '=', request.title)
    .where('live', '=', 1)
    .where('project_id', 'in', mine.length > 0 ? [...mine] : [-1])
    .execute()
  if (owning.length === 1 && owning[0]) return owning[0].project_id
  const byPlace = await placed(tx, request)
  if (byPlace !== undefined && mine.includes(byPlace)) return byPlace
  throw masterErrors.PROJECT_UNCLEAR({
    projects: mine.length === 0 ? 'none' : mine.map((id) => referenceOf('project', id)).join(', '),
  })
}

async function projectsOf(tx: Sql, actor: Actor): Promise<readonly number[]> {
  if (actor.kind === 'person' && !actor.operator) return [...actor.roles.keys()].sort((a, b) => a - b)
  if (actor.kind === 'computer' || actor.kind === 'instance') return [actor.projectId]
  if (actor.kind === 'person' && actor.roles.size === 1) return [...actor.roles.keys()]
  const rows = await tx.selectFrom('project').select('id').where('state', '=', 'active').orderBy('id').execute()
  return rows.map((row) => row.id)
}

async function placed(tx: Sql, { filter }: InstanceRequest): Promise<number | undefined> {
  const computer = idOf('computer', filter['computer_guid'] ?? '')
  const network = idOf('network', filter['network_guid'] ?? '')
  const row =
    computer !== undefined
      ? await tx.selectFrom('computer').select('project_id').where('id', '=', computer).executeTakeFirst()
      : network !== undefined
        ? await tx.selectFrom('network').select('project_id').where('id', '=', network).executeTakeFirst()
        : undefined
  return row?.project_id
}
