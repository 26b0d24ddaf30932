import { masterErrors } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import type { Domain } from '../domain.ts'
import { idOf, referenceOf } from '../references.ts'
import { checkTitle } from '../request/check.ts'
import { type Actor, actorOf } from '../rights/actor.ts'
import { authorize } from '../rights/rights.ts'
import { findProject } from '../rows.ts'
import { take } from '../unit/counters.ts'
import type { Unit } from '../unit/unit.ts'
import { findPerson } from './people.ts'

export function projectCases({ runner, store }: Domain): Cloud['projects'] {
  return {
    create: (caller, { title, owner }) =>
      runner.run(caller, async (unit) => {
        authorize(await actorOf(unit.sql, caller), 'projects.create', { name: 'projects' })
        checkTitle(title)
        const id = await take(unit.sql, 'project')
        const reference = referenceOf('project', id)
        await unit.sql
          .insertInto('project')
          .values({ id, reference, title, state: 'active', created_at: unit.now, instance_count: 0, slave_count: 0 })
          .execute()
        if (owner !== undefined) {
          const person_id = (await findPerson(unit.sql, owner)).id
          const row = { project_id: id, person_id, role: 'owner' as const, created_at: unit.now }
          await unit.sql.insertInto('membership').values(row).execute()
        }
        unit.tell('project', reference, { project: reference })
        unit.audit('project.create', reference, reference, { title, owner })
        return reference
      }),

    rename: (caller, project, title) =>
      runner.run(caller, async (unit) => {
        const row = await findProject(unit.sql, project)
        authorize(await actorOf(unit.sql, caller), 'projects.rename', { name: project, projectId: row.id })
        checkTitle(title)
        await unit.sql.updateTable('project').set({ title }).where('id', '=', row.id).execute()
        unit.tell('project', project, { project })
        unit.audit('project.rename', project, project, { title })
      }),

    async list(caller) {
      const actor = await actorOf(store.read, caller)
      authorize(actor, 'projects.list', { name: 'projects' })
      const rows = await store.read
        .selectFrom('project')
        .selectAll()
        .where('state', '=', 'active')
        .orderBy('id')
        .execute()
      return rows.flatMap(({ id, reference, title }) => {
        const role = actor.kind === 'person' ? actor.roles.get(id) : undefined
        const sees = actor.kind === 'system' || role !== undefined || (actor.kind === 'person' && actor.operator)
        return sees ? [{ project: reference, title, role: role ?? null }] : []
      })
    },

    async members(caller, project) {
      const row = await findProject(store.read, project)
      authorize(await actorOf(store.read, caller), 'projects.get', { name: project, projectId: row.id })
      const rows = await store.read
        .selectFrom('membership')
        .innerJoin('person', 'person.id', 'membership.person_id')
        .select(['person.reference as person', 'person.name', 'person.email', 'membership.role'])
        .where('membership.project_id', '=', row.id)
        .orderBy('person.id')
        .execute()
      return rows.map(({ person, name, email, role }) => ({ person, name, email, role }))
    },

    setRole: (caller, project, person, role) =>
      runner.run(caller, async (unit) => {
        const row = await findProject(unit.sql, project)
        const actor = await actorOf(unit.sql, caller)
        authorize(actor, 'projects.setRole', { name: project, projectId: row.id })
        const { id } = await findPerson(unit.sql, person)
        // People come in by invitations: who could bring in any number would read who has it in the list of members.
        if (!seesEverybody(actor) && !(await isMember(unit, row.id, id))) throw masterErrors.NOT_FOUND({ what: person })
        if (role !== 'owner') await keepAnOwner(unit, row.id, id, project)
        await unit.sql
          .insertInto('membership')
          .values({ project_id: row.id, person_id: id, role, created_at: unit.now })
          .onConflict((conflict) => conflict.columns(['project_id', 'person_id']).doUpdateSet({ role }))
          .execute()
        unit.tell('project', project, { project })
        unit.tell('person', person)
        unit.audit('project.role', project, project, { person, role })
      }),

    remove: (caller, project, person) =>
      runner.run(caller, async (unit) => {
        const row = await findProject(unit.sql, project)
        authorize(await actorOf(unit.sql, caller), 'projects.remove', { name: project, projectId: row.id })
        const id = idOf('person', person) ?? -1
        await keepAnOwner(unit, row.id, id, project)
        await unit.sql.deleteFrom('membership').where('project_id', '=', row.id).where('person_id', '=', id).execute()
        unit.tell('project', project, { project })
        unit.tell('person', person)
        unit.audit('project.leave', project, project, { person })
      }),
  }
}

const seesEverybody = (actor: Actor): boolean => actor.kind === 'system' || (actor.kind === 'person' && actor.operator)

async function isMember({ sql }: Unit, project: number, person: number): Promise<boolean> {
  const row = await sql
    .selectFrom('membership')
    .select('role')
    .where('project_id', '=', project)
    .where('person_id', '=', person)
    .executeTakeFirst()
  return row !== undefined
}

/** A project without owner could never be handed on. */
async function keepAnOwner(unit: Unit, projectId: number, leaving: number, project: string): Promise<void> {
  const owners = await unit.sql
    .selectFrom('membership')
    .select('person_id')
    .where('project_id', '=', projectId)
    .where('role', '=', 'owner')
    .execute()
  if (owners.length === 1 && owners[0]?.person_id === leaving) throw masterErrors.LAST_OWNER({ project })
}
