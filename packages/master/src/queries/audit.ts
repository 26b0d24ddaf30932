import { sql } from 'kysely'
import type { Context } from './context.ts'
import { containing, encode, orderOf } from './keyset.ts'
import type { Queries } from './queries.ts'

/** Actions in words; what has none is shown by its name. */
const WORDS: Readonly<Record<string, string>> = {
  'computer.create': 'added the server',
  'computer.format': 'formatted',
  'computer.rename': 'renamed',
  'computer.scope': 'changed who may use',
  'computer.command': 'sent a command to',
  'computer.bang': 'asked to reprocess',
  'instance.create': 'requested',
  'instance.change': 'changed',
  'instance.allocate': 'placed',
  'instance.publish': 'published parameters of',
  'instance.destroy': 'destroyed',
  'instance.rename': 'renamed',
  'instance.bang': 'asked to reprocess',
  'software.supply': 'supplied software to',
  'software.remove': 'removed software from',
  'catalogue.add': 'added to the catalogue:',
  'project.role': 'changed a role in',
  'project.create': 'created the project',
  'person.create': 'added',
  'person.change': 'changed',
}

export function auditQueries({ db }: Context): Pick<Queries, 'audit'> {
  return {
    async audit(scope, query) {
      const { after, limit } = orderOf(query, { at: 'id' }, '-at')
      let selected = db
        .selectFrom('audit')
        .selectAll('audit')
        .where((eb) =>
          eb.or([
            eb('audit.project', 'in', scope.projects.length > 0 ? [...scope.projects] : ['']),
            eb('audit.actor', '=', scope.person),
          ]),
        )
      if (query.subject) selected = selected.where('audit.target', '=', query.subject)
      if (query.q) {
        const like = containing(query.q)
        selected = selected.where(
          sql<boolean>`(lower(audit.target) like ${like} escape '\\' or lower(audit.action) like ${like} escape '\\' or lower(audit.actor) like ${like} escape '\\' or lower(audit.detail_json) like ${like} escape '\\')`,
        )
      }
      const total = await selected
        .clearSelect()
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirst()
      if (after) selected = selected.where('audit.id', '<', after.id)
      const rows = await selected
        .orderBy('audit.id', 'desc')
        .limit(limit + 1)
        .execute()
      const shown = rows.slice(0, limit)
      const people = await names(shown.map((row) => row.actor))
      const last = shown.at(-1)
      return {
        items: shown.map((row) => ({
          id: String(row.id),
          at: row.at,
          actor: row.actor === 'system' ? 'SlapOS' : (people.get(row.actor) ?? row.actor),
          action: WORDS[row.action] ?? row.action,
          subject: row.target,
          detail: detailOf(row.detail_json),
        })),
        next: rows.length > limit && last ? encode({ value: last.id, id: last.id }) : null,
        total: Number(total?.count ?? 0),
      }
    },
  }

  async function names(actors: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const wanted = [...new Set(actors)]
    if (wanted.length === 0) return new Map()
    const rows = await db.selectFrom('person').select(['reference', 'name']).where('reference', 'in', wanted).execute()
    return new Map(rows.filter(({ name }) => name !== '').map((row) => [row.reference, row.name]))
  }
}

function detailOf(json: string): string {
  const value: unknown = JSON.parse(json)
  if (typeof value !== 'object' || value === null) return ''
  return Object.entries(value)
    .filter(([, item]) => item !== null && item !== undefined && item !== '')
    .map(
      ([key, item]) =>
        `${key}: ${Array.isArray(item) ? item.join(', ') : typeof item === 'object' ? JSON.stringify(item) : item}`,
    )
    .join(' · ')
    .slice(0, 400)
}
