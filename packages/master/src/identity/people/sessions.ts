import type { Clock } from '@slapos/base'
import type { Sql, Store } from '../../store/index.ts'
import type { SessionTable } from '../../store/tables/identity.ts'
import type { SessionRecord, Sessions } from '../identity.ts'
import type { Recorder } from '../recorder.ts'
import { hashSecret, newId, newSecret } from '../secrets.ts'

const DAY = 86_400_000
/** However busy, a session ends after this. */
const LIFE = 30 * DAY
/** Unused for this long, it ends. */
const IDLE = 7 * DAY
/** `seen` is written at most this often. */
const SEEN_EVERY = 5 * 60_000
const MOST_CACHED = 10_000

export interface SessionsOptions {
  readonly store: Store
  readonly record: Recorder
  readonly clock: Clock
}

export function createSessions({ store, record, clock }: SessionsOptions): Sessions {
  /** By hash of the secret; forgotten when revoked. */
  const cache = new Map<string, SessionTable>()

  return {
    async open({ person, address, userAgent }) {
      const secret = newSecret()
      const now = clock.now()
      const row: SessionTable = {
        ...{ id: newId(), hash: hashSecret(secret), csrf: newSecret(), person, created: now, seen: now },
        expires: now + LIFE,
        address,
        user_agent: userAgent.slice(0, 300),
      }
      await store.tx(async (sql) => {
        await sql.deleteFrom('session').where('expires', '<', now).execute()
        await sql.insertInto('session').values(row).execute()
        await note(sql, person, 'logged in', address)
      })
      return { secret, csrf: row.csrf, session: recordOf(row) }
    },
    async find(secret) {
      const hash = hashSecret(secret)
      const row = cache.get(hash) ?? (await load(hash))
      if (row === undefined || ended(row)) {
        cache.delete(hash)
        return undefined
      }
      return { csrf: row.csrf, session: recordOf(await touch(row)) }
    },
    async list(person) {
      const rows = await store.read
        .selectFrom('session')
        .selectAll()
        .where('person', '=', person)
        .orderBy('seen', 'desc')
        .execute()
      return rows.filter((row) => !ended(row)).map(recordOf)
    },
    revoke: (person, id) => end(person, (row) => row.id === id),
    revokeAll: (person, except) => end(person, (row) => row.id !== except),
  }

  function ended(row: SessionTable): boolean {
    const now = clock.now()
    return row.expires <= now || row.seen + IDLE <= now
  }

  async function load(hash: string): Promise<SessionTable | undefined> {
    const row = await store.read.selectFrom('session').selectAll().where('hash', '=', hash).executeTakeFirst()
    if (row) remember(row)
    return row
  }

  async function touch(row: SessionTable): Promise<SessionTable> {
    const seen = clock.now()
    if (seen - row.seen < SEEN_EVERY) return row
    const next = { ...row, seen }
    remember(next)
    await store.tx((sql) => sql.updateTable('session').set({ seen }).where('id', '=', row.id).execute())
    return next
  }

  function remember(row: SessionTable): void {
    cache.set(row.hash, row)
    if (cache.size > MOST_CACHED) for (const hash of [...cache.keys()].slice(0, MOST_CACHED / 10)) cache.delete(hash)
  }

  async function end(person: string, which: (row: SessionTable) => boolean): Promise<void> {
    const ending = await store.tx(async (sql) => {
      const rows = await sql.selectFrom('session').selectAll().where('person', '=', person).execute()
      const chosen = rows.filter(which)
      for (const row of chosen) await sql.deleteFrom('session').where('id', '=', row.id).execute()
      if (chosen.length > 0) await note(sql, person, 'logged out')
      // Before anybody hears of it: who looks again then finds nothing.
      for (const row of chosen) cache.delete(row.hash)
      return chosen
    })
    // Once more: somebody may have read a row while it was still there.
    for (const row of ending) cache.delete(row.hash)
  }

  function note(sql: Sql, person: string, action: string, address?: string): Promise<void> {
    const from = address === undefined ? {} : { address }
    return record(sql, { kind: 'person', reference: person, action, actor: person, project: null, ...from })
  }
}

function recordOf(row: SessionTable): SessionRecord {
  const { id, person, created, seen, expires, address, user_agent: userAgent } = row
  return { id, person, created, seen, expires, address, userAgent }
}
