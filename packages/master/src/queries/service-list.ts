import { sql } from 'kysely'
import { type Context, projectIds } from './context.ts'
import { coloursOf, namedIn, numberIn } from './filter.ts'
import { containing, encode, orderOf } from './keyset.ts'
import type { Queries } from './queries.ts'
import { serviceItems, treeRows } from './service-rows.ts'

/** Pages of services: which ones the database finds, and the board knows the colours of all of them. */
export function serviceListQueries(context: Context): Pick<Queries, 'services'> {
  const { board } = context
  return {
    async services(scope, query) {
      const { column, descending, limit, after } = orderOf(
        query,
        { title: 'title', created: 'created_at', reference: 'id' },
        '-created',
      )
      const projects = projectIds(scope)
      const colours = coloursOf(query.color)
      let selected = treeRows(context, scope)
      if (query.q) {
        const like = containing(query.q)
        selected = selected.where(
          sql<boolean>`(lower(tree.title) like ${like} escape '\\' or lower(root.reference) like ${like} escape '\\' or lower(root.release_url) like ${like} escape '\\')`,
        )
      }
      if (query.computer) selected = selected.where('computer.reference', '=', query.computer)
      if (query.release) selected = selected.where('root.release_url', '=', query.release)
      await board.settled()
      const wanted = colours && board.service.having(projects, colours)
      if (wanted) selected = selected.where(numberIn('tree.id', wanted))
      const narrowed = query.q || query.computer || query.release
      const total = narrowed ? await countOf(selected) : (wanted?.length ?? board.service.size(projects))
      const named = namedIn(query.references)
      if (named) selected = selected.where('root.reference', 'in', named.length > 0 ? [...named] : [''])
      if (after) {
        const side = sql.raw(descending ? '<' : '>')
        selected = selected.where(
          sql<boolean>`(${sql.ref(`tree.${column}`)}, tree.id) ${side} (${after.value}, ${after.id})`,
        )
      }
      const rows = await selected
        .orderBy(`tree.${column}`, descending ? 'desc' : 'asc')
        .orderBy('tree.id', descending ? 'desc' : 'asc')
        .limit(limit + 1)
        .execute()
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      return {
        items: await serviceItems(context, shown),
        next: rows.length > limit && last ? encode({ value: last[column], id: last.id }) : null,
        total,
      }
    },
  }
}

async function countOf(selected: ReturnType<typeof treeRows>): Promise<number> {
  const row = await selected
    .clearSelect()
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}
