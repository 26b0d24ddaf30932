import { sql } from 'kysely'
import { prepared, type Sql } from '../../store/index.ts'

export type Counter =
  | 'revision'
  | 'change'
  | 'audit'
  | 'computer'
  | 'partition'
  | 'installation'
  | 'tree'
  | 'instance'
  | 'project'
  | 'person'
  | 'network'
  | 'product'
  | 'release'
  | 'consumption'

/** Takes `count` numbers of a sequence; answers the first. A transaction that fails gives them back. */
export async function take(tx: Sql, counter: Counter, count = 1): Promise<number> {
  return ofCounter(await addTo(tx, { counter, count }), counter) - count + 1
}

const addTo = prepared((db, { counter, count }: { counter: Counter; count: number }) =>
  db
    .updateTable('counter')
    .set((eb) => ({ value: eb('value', '+', count) }))
    .where('name', '=', counter)
    .returning('value'),
)

function ofCounter([row]: readonly { readonly value: number }[], counter: Counter): number {
  if (!row) throw new Error(`the database has no counter ${counter}`) // every migration of a counter makes its row
  return row.value
}

/** The next revision: `max(previous + 1, now in microseconds)`, strictly increasing whatever the clock does. */
export async function nextRevision(tx: Sql, nowMs: number): Promise<number> {
  const micros = nowMs * 1000
  return ofCounter(await moveRevision(tx, { micros }), 'revision')
}

const moveRevision = prepared((db, { micros }: { micros: number }) =>
  db
    .updateTable('counter')
    .set({ value: sql<number>`case when value + 1 > ${micros} then value + 1 else ${micros} end` })
    .where('name', '=', 'revision')
    .returning('value'),
)
