import { masterErrors } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import type { Domain } from '../domain.ts'
import { idOf, referenceOf } from '../references.ts'
import { checkTitle } from '../request/check.ts'
import { actorOf } from '../rights/actor.ts'
import { authorize } from '../rights/rights.ts'
import { computerSubject, findComputer, findProject } from '../rows.ts'
import { take } from '../unit/counters.ts'

/** Nodes that share a private network. */
export function networkCases({ runner, store }: Domain): Cloud['networks'] {
  return {
    create: (caller, { title, project }) =>
      runner.run(caller, async (unit) => {
        const { id: projectId } = await findProject(unit.sql, project)
        authorize(await actorOf(unit.sql, caller), 'networks.create', { name: project, projectId })
        checkTitle(title)
        const id = await take(unit.sql, 'network')
        const reference = referenceOf('network', id)
        await unit.sql.insertInto('network').values({ id, reference, project_id: projectId, title, live: 1 }).execute()
        unit.tell('project', project, { project })
        unit.audit('network.create', reference, project, { title })
        return reference
      }),

    attach: (caller, computer, network) =>
      runner.run(caller, async (unit) => {
        const row = await findComputer(unit.sql, computer)
        authorize(await actorOf(unit.sql, caller), 'networks.attach', await computerSubject(unit.sql, row))
        const found =
          network === null
            ? undefined
            : await unit.sql
                .selectFrom('network')
                .select('id')
                .where('id', '=', idOf('network', network) ?? -1)
                .where('project_id', '=', row.project_id)
                .where('live', '=', 1)
                .executeTakeFirst()
        if (network !== null && !found) throw masterErrors.NOT_FOUND({ what: network })
        await unit.sql
          .updateTable('computer')
          .set({ network_id: found?.id ?? null })
          .where('id', '=', row.id)
          .execute()
        const project = referenceOf('project', row.project_id)
        unit.tell('computer', computer, { project })
        unit.audit('computer.network', computer, project, { network })
        unit.wakeWaiting()
      }),

    async list(caller) {
      const actor = await actorOf(store.read, caller)
      authorize(actor, 'networks.list', { name: 'networks' })
      const rows = await store.read.selectFrom('network').selectAll().where('live', '=', 1).orderBy('id').execute()
      return rows.flatMap(({ reference, title, project_id }) => {
        const sees =
          actor.kind === 'system' || (actor.kind === 'person' && (actor.operator || actor.roles.has(project_id)))
        return sees ? [{ network: reference, title, project: referenceOf('project', project_id) }] : []
      })
    },
  }
}
