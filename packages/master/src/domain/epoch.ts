import { randomBytes } from 'node:crypto'
import type { Sql, Store } from '../store/index.ts'
import { nextRevision } from './unit/counters.ts'

/** Numbers lost with what a backup did not hold: a restored Master leaves that many out of each public sequence. */
const SKIPPED = 100_000

/** Public numbers, which must never be given twice. Rows of the others are private to the database. */
const PUBLIC = ['computer', 'installation', 'tree', 'instance', 'project', 'person', 'network', 'change'] as const

/** The epoch of this history, made at the first start. */
export function readEpoch(store: Store): Promise<string> {
  return store.tx(async (tx) => {
    const row = await tx.selectFrom('meta').select('value').where('key', '=', 'epoch').executeTakeFirst()
    return row?.value ?? writeEpoch(tx)
  })
}

/**
 * Starts another history; call it once on a restored database, before the Master serves. Everyone who knows the old
 * epoch fetches everything anew. Existing nodes know no epoch, only that a partition is as old as what they did last or
 * older: each gets a revision that is newer than all of the lost history. `now`: milliseconds.
 */
export function newEpoch(store: Store, now = Date.now()): Promise<string> {
  return store.tx(async (tx) => {
    const revision = await nextRevision(tx, now)
    const moved = { revision, own_revision: revision, touched: revision }
    await tx.updateTable('partition').set(moved).where('state', '=', 'busy').execute()
    await tx.updateTable('computer').set({ revision }).where('live', '=', 1).execute()
    await tx
      .updateTable('counter')
      .set((eb) => ({ value: eb('value', '+', SKIPPED) }))
      .where('name', 'in', [...PUBLIC])
      .execute()
    await tx.deleteFrom('outbox').execute()
    return writeEpoch(tx)
  })
}

async function writeEpoch(tx: Sql): Promise<string> {
  const value = randomBytes(6).toString('hex')
  await tx
    .insertInto('meta')
    .values({ key: 'epoch', value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
  return value
}
