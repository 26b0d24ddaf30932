import { masterErrors } from '../../errors.ts'
import type { Cloud, InstanceView } from '../cloud.ts'
import type { Domain } from '../domain.ts'
import { actorOf } from '../rights/actor.ts'
import { authorize } from '../rights/rights.ts'
import { computerSubject, findComputer, findInstance, instanceSubject } from '../rows.ts'
import { viewQuery, viewsOf } from './view.ts'

export type ReadingCases = Pick<
  Cloud['instances'],
  'get' | 'root' | 'listRoots' | 'listOfComputer' | 'listSlavesOf' | 'listOfTree'
>

export function instanceReads({ store, clock }: Domain): ReadingCases {
  const { read } = store
  const views = (query: ReturnType<typeof viewQuery>) => viewsOf(read, query, clock.now())

  return {
    async get(caller, guid) {
      const row = await findInstance(read, { guid })
      authorize(await actorOf(read, caller), 'instances.get', await instanceSubject(read, row))
      return one(await views(viewQuery(read).where('instance.id', '=', row.id)), guid)
    },

    async root(caller, title) {
      const found = await views((await roots(caller)).where('tree.title', '=', title))
      return one(found, title)
    },

    listRoots: async (caller) => views(await roots(caller)),

    async listOfComputer(caller, computer) {
      const row = await findComputer(read, computer)
      const actor = await actorOf(read, caller)
      // An instance sees itself only.
      if (actor.kind === 'instance') {
        return views(viewQuery(read).where('instance.id', '=', actor.id).where('partition.computer_id', '=', row.id))
      }
      authorize(actor, 'instances.listOfComputer', await computerSubject(read, row))
      return views(viewQuery(read).where('partition.computer_id', '=', row.id).where('instance.shared', '=', 0))
    },

    async listSlavesOf(caller, hostGuid) {
      const host = await findInstance(read, { guid: hostGuid })
      authorize(await actorOf(read, caller), 'instances.listSlavesOf', await instanceSubject(read, host))
      if (host.partition_id === null || host.shared) return []
      return views(
        viewQuery(read).where('instance.partition_id', '=', host.partition_id).where('instance.shared', '=', 1),
      )
    },

    async listOfTree(caller, rootGuid) {
      const root = await findInstance(read, { guid: rootGuid })
      authorize(await actorOf(read, caller), 'instances.listOfTree', await instanceSubject(read, root))
      return views(viewQuery(read).where('instance.tree_id', '=', root.tree_id))
    },
  }

  /** Roots that the caller may see: those of a person's projects, or an instance's own. */
  async function roots(caller: Parameters<ReadingCases['listRoots']>[0]) {
    const actor = await actorOf(read, caller)
    authorize(actor, 'instances.listRoots', { name: 'services' })
    const query = viewQuery(read).whereRef('tree.root_id', '=', 'instance.id').where('tree.live', '=', 1)
    if (actor.kind === 'system' || (actor.kind === 'person' && actor.operator)) return query
    if (actor.kind === 'instance') return query.where('tree.id', '=', actor.treeId)
    if (actor.kind === 'computer') return query.where('tree.id', '=', -1)
    return query.where('tree.project_id', 'in', actor.roles.size > 0 ? [...actor.roles.keys()] : [-1])
  }
}

function one(views: readonly InstanceView[], what: string): InstanceView {
  const [view] = views
  if (!view) throw masterErrors.NOT_FOUND({ what })
  return view
}
