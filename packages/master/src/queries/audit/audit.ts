import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { AuditTable } from '../../store/tables/domain.ts'
import type { Context } from '../context.ts'
import { containing, encode, orderOf } from '../keyset.ts'
import type { Queries } from '../queries.ts'
import { releaseNames } from '../releases.ts'
import { type Detail, detailOf } from './detail.ts'
import { namesOf } from './names.ts'
import { wordsOf } from './words.ts'

type AuditRow = Selectable<AuditTable>

/** Who did what to which, newest first, in words. */
export function auditQueries(context: Context): Pick<Queries, 'audit'> {
  const { db } = context
  return {
    async audit(scope, query) {
      const { after, limit } = orderOf(query, { at: 'id' }, '-at')
      let selected = db
        .selectFrom('audit')
        .selectAll('audit')
        .where((eb) =>
          eb.or([
            eb('audit.project', 'in', scope.projects.length > 0 ? [...scope.projects] : ['']),
            ...(query.ofProjects ? [] : [eb('audit.actor', '=', scope.person)]),
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
      const last = shown.at(-1)
      return {
        items: await itemsOf(shown),
        next: rows.length > limit && last ? encode({ value: last.id, id: last.id }) : null,
        total: Number(total?.count ?? 0),
      }
    },
  }

  async function itemsOf(rows: readonly AuditRow[]) {
    const entries = rows.map((row) => ({ ...row, detail: objectOf(row.detail_json) }))
    const urls = entries.flatMap(({ detail }) =>
      [detail['url'], detail['release']].filter((url) => typeof url === 'string'),
    )
    const [names, releases, partitions] = await Promise.all([
      namesOf(
        db,
        entries.flatMap(({ actor, target, detail }) => [actor, target, String(detail['person'] ?? '')]),
      ),
      releaseNames(context, urls),
      partitionNames(
        entries.flatMap(({ detail }) => (typeof detail['partition'] === 'number' ? [detail['partition']] : [])),
      ),
    ])
    return entries.map(({ id, at, actor, action, target, detail }) => ({
      id: String(id),
      at,
      // A place is chosen by the Master, whoever's request it serves.
      actor: actor === 'system' || action === 'instance.allocate' ? 'SlapOS' : (names.get(actor) ?? actor),
      action: wordsOf(action, detail),
      subject: target,
      // Of a certificate, the owner is named already.
      subjectTitle: actor === target ? '' : (names.get(target) ?? titleIn(detail) ?? target),
      detail: detailOf(action, detail, { names, releases, partitions }),
    }))
  }

  async function partitionNames(ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
    if (ids.length === 0) return new Map()
    const rows = await db
      .selectFrom('partition')
      .innerJoin('computer', 'computer.id', 'partition.computer_id')
      .select(['partition.id', 'partition.reference', 'computer.title'])
      .where('partition.id', 'in', [...new Set(ids)])
      .execute()
    return new Map(rows.map(({ id, reference, title }) => [id, `${title} ${reference}`]))
  }
}

function objectOf(json: string): Detail {
  const value: unknown = JSON.parse(json)
  return typeof value === 'object' && value !== null ? (value as Detail) : {}
}

/** The name that something had when it was made, where it is gone since. */
const titleIn = (detail: Detail): string | undefined =>
  typeof detail['title'] === 'string' ? detail['title'] : undefined
