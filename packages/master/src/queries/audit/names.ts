import { sql } from 'kysely'
import type { Reader } from '../../store/index.ts'

/** Titles of what the entries name, by reference; what is unknown (any more) has none. */
export type Names = ReadonlyMap<string, string>

/** A constant number of queries, however many references. */
export async function namesOf(db: Reader, references: Iterable<string>): Promise<Names> {
  const wanted = [...new Set(references)]
  const of = (prefix: string) => wanted.filter((reference) => reference.startsWith(prefix))
  const others = wanted.filter((reference) => !/^[A-Z]+-\d+$/.test(reference))
  const pairs = await Promise.all([
    pairsOf(of('PERS-'), (list) =>
      db.selectFrom('person').select(['reference', 'name as title']).where('reference', 'in', list).execute(),
    ),
    pairsOf(of('COMP-'), (list) =>
      db.selectFrom('computer').select(['reference', 'title']).where('reference', 'in', list).execute(),
    ),
    pairsOf(of('PROJ-'), (list) =>
      db.selectFrom('project').select(['reference', 'title']).where('reference', 'in', list).execute(),
    ),
    pairsOf(of('NET-'), (list) =>
      db.selectFrom('network').select(['reference', 'title']).where('reference', 'in', list).execute(),
    ),
    pairsOf(of('SOFTINST-'), (list) =>
      db.selectFrom('instance').select(['reference', 'title']).where('reference', 'in', list).execute(),
    ),
    pairsOf(others, (list) =>
      db
        .selectFrom('token')
        .select(['id as reference', sql<string>`'token ' || hint || '…'`.as('title')])
        .where('id', 'in', list)
        .execute(),
    ),
    pairsOf(others, (list) =>
      db
        .selectFrom('api_token')
        .select(['id as reference', sql<string>`'API token ' || title`.as('title')])
        .where('id', 'in', list)
        .execute(),
    ),
  ])
  return new Map(pairs.flat())
}

async function pairsOf(
  references: string[],
  find: (references: string[]) => Promise<readonly { readonly reference: string; readonly title: string }[]>,
): Promise<readonly (readonly [string, string])[]> {
  if (references.length === 0) return []
  const rows = await find(references)
  return rows.filter(({ title }) => title !== '').map(({ reference, title }) => [reference, title] as const)
}
