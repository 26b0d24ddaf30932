import type { Cloud, Concerned } from '../cloud.ts'
import type { Domain } from '../domain.ts'
import { findPerson } from '../people/people.ts'
import { computerSubject, findComputer, findProject } from '../rows.ts'
import { actorOf } from './actor.ts'
import { authorize, type Subject } from './rights.ts'

export function demandCase({ store: { read } }: Domain): Cloud['demand'] {
  return async (caller, useCase, about) => authorize(await actorOf(read, caller), useCase, await subjectOf(about))

  async function subjectOf(about: Concerned): Promise<Subject> {
    if ('computer' in about) return computerSubject(read, await findComputer(read, about.computer))
    if ('person' in about) return { name: about.person, personId: (await findPerson(read, about.person)).id }
    return { name: about.project, projectId: (await findProject(read, about.project)).id }
  }
}
