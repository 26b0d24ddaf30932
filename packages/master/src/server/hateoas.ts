import type { HateoasOptions } from '../api/hateoas/index.ts'
import type { Caller } from '../domain/cloud.ts'
import { idOf } from '../domain/references.ts'
import type { Core } from './core.ts'
import { serverErrors } from './errors.ts'

export const HATEOAS_PATH = '/hateoas'

/** What the hypertext surface asks of the rest of the Master. */
export function hateoasOptions({ store, cloud, identity, identify }: Core, apiUrl: () => string): HateoasOptions {
  return {
    ...{ cloud, identify },
    hateoasUrl: () => hateoasUrl(apiUrl()),
    async computers(caller) {
      const all = store.read
        .selectFrom('computer')
        .select(['computer.reference', 'computer.title'])
        .where('computer.live', '=', 1)
        .orderBy('computer.id')
      if (caller.kind === 'computer') return all.where('computer.reference', '=', caller.computer).execute()
      if (caller.kind !== 'person') return []
      const bound = idOf('project', caller.grant?.project ?? '')
      return (bound === undefined ? all : all.where('computer.project_id', '=', bound))
        .innerJoin('membership', 'membership.project_id', 'computer.project_id')
        .innerJoin('person', 'person.id', 'membership.person_id')
        .where('person.reference', '=', caller.person)
        .where('person.state', '=', 'active')
        .execute()
    },
    async computerToken(caller: Extract<Caller, { kind: 'person' }>) {
      const projects = await cloud.projects.list(caller)
      const project = projects.find(({ role }) => role === 'owner' || role === 'manager')?.project
      if (project === undefined) throw serverErrors.NO_PROJECT({ person: caller.person })
      await cloud.demand(caller, 'projects.enrol', { project })
      return (await identity.tokens.create({ purpose: 'computer', person: caller.person, project })).token
    },
  }
}

/** Clients compare the beginning of links with this text: it is said the same everywhere. */
export const hateoasUrl = (apiUrl: string): string => `${apiUrl.replace(/\/$/, '')}${HATEOAS_PATH}`
