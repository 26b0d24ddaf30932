import { sql } from 'kysely'
import { type Context, projectIds } from './context.ts'
import { coloursOf, namedIn, numberIn } from './filter.ts'
import { containing, encode, orderOf } from './keyset.ts'
import type { Queries } from './queries.ts'
import { serverItems, serverRows } from './server-items.ts'
import { sharedServers } from './shared-servers.ts'

/** Pages of servers: which ones the database finds, and the board knows the colours of all of them. */
export function serverListQueries(context: Context): Pick<Queries, 'servers'> {
  const { board } = context
  return {
    async servers(scope, query) {
      const { column, descending, limit, after } = orderOf(
        query,
        { title: 'title', reference: 'id', created: 'created_at' },
        'title',
      )
      const projects = projectIds(scope)
      const colours = coloursOf(query.color)
      const shared = query.shared ? await sharedServers(context, scope) : []
      let selected = serverRows(context, scope, shared)
      if (query.q) {
        const like = containing(query.q)
        selected = selected.where(
          sql<boolean>`(lower(computer.title) like ${like} escape '\\' or lower(computer.reference) like ${like} escape '\\')`,
        )
      }
      await board.settled()
      const wanted = colours && [
        ...board.server.having(projects, colours),
        ...shared.filter((id) => colours.some((colour) => colour === board.server.get(id))),
      ]
      if (wanted) selected = selected.where(numberIn('computer.id', wanted))
      const total = query.q ? await countOf(selected) : (wanted?.length ?? board.server.size(projects) + shared.length)
      const named = namedIn(query.references)
      if (named) selected = selected.where('computer.reference', 'in', named.length > 0 ? [...named] : [''])
      if (after) {
        const side = sql.raw(descending ? '<' : '>')
        selected = selected.where(
          sql<boolean>`(${sql.ref(`computer.${column}`)}, computer.id) ${side} (${after.value}, ${after.id})`,
        )
      }
      const rows = await selected
        .orderBy(`computer.${column}`, descending ? 'desc' : 'asc')
        .orderBy('computer.id', descending ? 'desc' : 'asc')
        .limit(limit + 1)
        .execute()
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      return {
        items: await serverItems(context, scope, shown),
        next: rows.length > limit && last ? encode({ value: last[column], id: last.id }) : null,
        total,
      }
    },
  }
}

async function countOf(selected: ReturnType<typeof serverRows>): Promise<number> {
  const row = await selected
    .clearSelect()
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}
