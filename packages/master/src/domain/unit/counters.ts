import { sql } from 'kysely'
import type { Sql } from '../../store/index.ts'

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
  const row = await tx
    .updateTable('counter')
    .set((eb) => ({ value: eb('value', '+', count) }))
    .where('name', '=', counter)
    .returning('value')
    .executeTakeFirstOrThrow()
  return row.value - count + 1
}

/** The next revision: `max(previous + 1, now in microseconds)`, strictly increasing whatever the clock does. */
export async function nextRevision(tx: Sql, nowMs: number): Promise<number> {
  const micros = nowMs * 1000
  const row = await tx
    .updateTable('counter')
    .set({ value: sql<number>`case when value + 1 > ${micros} then value + 1 else ${micros} end` })
    .where('name', '=', 'revision')
    .returning('value')
    .executeTakeFirstOrThrow()
  return row.value
}
