import { masterErrors } from '../../errors.ts'
import { prepared, type Reader, type Sql } from '../../store/index.ts'
import type { Role } from '../../store/tables/domain.ts'
import { idOf } from '../references.ts'
import type { Caller } from './caller.ts'
import type { Grant } from './grant.ts'

/** The caller with what rights are judged on. */
export type Actor =
  | { readonly kind: 'system' }
  | {
      readonly kind: 'person'
      readonly id: number
      readonly operator: boolean
      /** Project id to role. With a token of one project: that one only. */
      readonly roles: ReadonlyMap<number, Role>
      /** Undefined: he asks himself, with all his rights. */
      readonly grant?: Grant
    }
  | { readonly kind: 'computer'; readonly id: number; readonly projectId: number }
  | {
      readonly kind: 'instance'
      readonly id: number
      readonly treeId: number
      readonly projectId: number
      readonly partitionId: number | null
    }

/** Throws NOT_ALLOWED when the caller does not exist (any more). */
export async function actorOf(db: Reader | Sql, caller: Caller): Promise<Actor> {
  if (caller.kind === 'system') return caller
  if (caller.kind === 'person') return person(db, caller.person, caller.grant)
  if (caller.kind === 'computer') {
    const row = await db
      .selectFrom('computer')
      .select(['id', 'project_id'])
      .where('id', '=', idOf('computer', caller.computer) ?? -1)
      .where('live', '=', 1)
      .executeTakeFirst()
    if (!row) throw masterErrors.CALLER_GONE({ caller: caller.computer })
    return { kind: 'computer', id: row.id, projectId: row.project_id }
  }
  const row = await db
    .selectFrom('instance')
    .select(['id', 'tree_id', 'project_id', 'partition_id'])
    .where('id', '=', idOf('instance', caller.instance) ?? -1)
    .where('live', '=', 1)
    .executeTakeFirst()
  if (!row) throw masterErrors.CALLER_GONE({ caller: caller.instance })
  return {
    kind: 'instance',
    id: row.id,
    treeId: row.tree_id,
    projectId: row.project_id,
    partitionId: row.partition_id,
  }
}

const personRows = prepared((db, { id }: { id: number }) =>
  db
    .selectFrom('person')
    .leftJoin('membership', 'membership.person_id', 'person.id')
    .select(['person.id', 'person.operator', 'membership.project_id', 'membership.role'])
    .where('person.id', '=', id)
    .where('person.state', '=', 'active'),
)

async function person(db: Reader | Sql, reference: string, grant: Grant | undefined): Promise<Actor> {
  const rows = await personRows(db, { id: idOf('person', reference) ?? -1 })
  const [first] = rows
  if (!first) throw masterErrors.CALLER_GONE({ caller: reference })
  const roles = new Map<number, Role>()
  for (const { project_id, role } of rows) if (project_id !== null && role !== null) roles.set(project_id, role)
  const operator = first.operator === 1
  if (grant === undefined) return { kind: 'person', id: first.id, operator, roles }
  if (grant.project === undefined) return { kind: 'person', id: first.id, operator, roles, grant }
  const only = idOf('project', grant.project) ?? -1
  // An operator is an owner everywhere, of this project too.
  const role = operator ? 'owner' : roles.get(only)
  return { kind: 'person', id: first.id, operator: false, roles: new Map(role ? [[only, role]] : []), grant }
}
