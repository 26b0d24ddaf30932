import { sql } from 'kysely'
import type { Context } from './context.ts'
import { projectIds } from './context.ts'
import { containing } from './keyset.ts'
import type { Queries } from './queries.ts'
import { serverListQueries } from './server-list.ts'
import { serviceItems, treeRows } from './service-rows.ts'
import { NO_PARENT, type SubjectItem } from './subjects.ts'

/** What the palette finds: a few of each kind. */
export function searchQueries(context: Context): Pick<Queries, 'search'> {
  const servers = serverListQueries(context)
  return {
    async search(scope, text) {
      const like = containing(text)
      const [found, trees, products] = await Promise.all([
        servers.servers(scope, { q: text, limit: 8 }),
        treeRows(context, scope)
          .where(
            sql<boolean>`(lower(tree.title) like ${like} escape '\\' or lower(root.reference) like ${like} escape '\\')`,
          )
          .orderBy('tree.title')
          .limit(12)
          .execute(),
        context.db
          .selectFrom('product')
          .select(['reference', 'title'])
          .where(sql<boolean>`lower(title) like ${like} escape '\\'`)
          .where((eb) => eb.or([eb('project_id', 'is', null), eb('project_id', 'in', projectIds(scope))]))
          .limit(6)
          .execute(),
      ])
      const services = await serviceItems(context, trees)
      return [
        ...services.map(
          ({ reference, title, status }): SubjectItem => ({ kind: 'service', reference, title, ...NO_PARENT, status }),
        ),
        ...found.items.map(
          ({ computer, title, status }): SubjectItem => ({
            kind: 'server',
            reference: computer,
            title,
            ...NO_PARENT,
            status,
          }),
        ),
        ...products.map(({ reference, title }): SubjectItem => {
          const status = { color: 'grey', word: 'software', reason: '', since: null } as const
          return { kind: 'product', reference, title, ...NO_PARENT, status }
        }),
      ]
    },
  }
}
