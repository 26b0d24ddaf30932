import type { Static } from 'typebox'
import type { Why } from '../api/panel/schemas/index.ts'
import type { Context } from './context.ts'
import { explainServer, explainService } from './explain.ts'
import type { Queries, Scope } from './queries.ts'
import { serverQueries } from './servers.ts'
import { treeRows } from './service-rows.ts'
import { serviceQueries } from './services.ts'

type Explanation = Static<typeof Why>

/** One paragraph: what is so, why, since when, and what to do. */
export function whyQueries(context: Context): Pick<Queries, 'why'> {
  const servers = serverQueries(context)
  const services = serviceQueries(context)
  return {
    async why(scope, name) {
      if (/^COMP-\d+$/.test(name)) return server(scope, name)
      const reference = await referenceOf(scope, name)
      return reference === undefined ? undefined : service(scope, reference)
    },
  }

  async function referenceOf(scope: Scope, name: string): Promise<string | undefined> {
    if (/^SOFTINST-\d+$/.test(name)) return name
    const row = await treeRows(context, scope)
      .where('tree.title', '=', name)
      .orderBy('tree.id', 'desc')
      .executeTakeFirst()
    return row?.reference
  }

  async function server(scope: Scope, computer: string): Promise<Explanation | undefined> {
    const found = await servers.server(scope, computer)
    if (!found) return undefined
    const { title, status, partitions, busy } = found
    return {
      reference: computer,
      title,
      status,
      text: explainServer(title, computer, status, context.clock.now()),
      facts: [{ label: 'Partitions in use', value: `${busy} / ${partitions}` }],
    }
  }

  async function service(scope: Scope, reference: string): Promise<Explanation | undefined> {
    const found = await services.service(scope, reference)
    if (!found) return undefined
    const { title, status, desired, instances, releaseUrl, computer } = found
    return {
      reference: found.reference,
      title,
      status,
      text: explainService(found, instances, context.clock.now()),
      facts: [
        { label: 'Asked', value: desired },
        { label: 'Release', value: releaseUrl },
        { label: 'Server', value: computer ?? 'none yet' },
      ],
    }
  }
}
