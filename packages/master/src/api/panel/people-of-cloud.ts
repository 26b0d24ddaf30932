import type { Cloud } from '../../domain/cloud.ts'
import { idOf } from '../../domain/references.ts'
import type { Store } from '../../store/index.ts'
import type { PeopleDirectory } from './people-directory.ts'

const SYSTEM = { kind: 'system' } as const

export function peopleOfCloud(cloud: Cloud, store: Store): PeopleDirectory {
  const memberships = (column: 'person_id' | 'project_id', id: number) =>
    store.read
      .selectFrom('membership')
      .innerJoin('project', 'project.id', 'membership.project_id')
      .innerJoin('person', 'person.id', 'membership.person_id')
      .select([
        'project.reference as project',
        'project.title',
        'person.reference as person',
        'membership.role',
        'membership.created_at',
      ])
      .where(`membership.${column}`, '=', id)
      .orderBy('membership.project_id')
      .execute()
  return {
    get: (person) => cloud.people.get(SYSTEM, person),
    memberships: async (person) =>
      (await memberships('person_id', idOf('person', person) ?? -1)).map(({ project, title, role }) => ({
        project,
        title,
        role,
      })),
    async members(caller, project) {
      const [members, rows] = await Promise.all([
        cloud.projects.members(caller, project),
        memberships('project_id', idOf('project', project) ?? -1),
      ])
      const since = new Map(rows.map((row) => [row.person, row.created_at]))
      return members.map((member) => ({ ...member, since: since.get(member.person) ?? 0 }))
    },
    rename: (caller, person, name, email) => cloud.people.change(caller, person, { name, email }),
    create: (caller, input) => cloud.people.create(caller, input),
    setRole: (caller, project, person, role) => cloud.projects.setRole(caller, project, person, role),
    remove: (caller, project, person) => cloud.projects.remove(caller, project, person),
  }
}
