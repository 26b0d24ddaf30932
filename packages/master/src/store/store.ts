import { AsyncLocalStorage } from 'node:async_hooks'
import { fileURLToPath } from 'node:url'
import { backoffDelay, systemClock } from '@slapos/base'
import { masterErrors } from '../errors.ts'
import type { Databases } from './dialect/databases.ts'
import { openPostgres } from './dialect/postgres/open.ts'
import { openSqlite } from './dialect/sqlite/open.ts'
import { GroupCommit } from './group-commit.ts'
import { type Missing, migrate, missingMigrations } from './migrate.ts'
import type { Reader, Sql } from './schema.ts'

/** Tries of one transaction before its failure is the caller's. */
const TRIES = 6

export interface Store {
  readonly kind: 'sqlite' | 'postgres'
  /** For queries; sees what was committed. */
  readonly read: Reader
  /**
   * Runs `work` as one transaction: alone, all or nothing, and again from the start when it only lost against another
   * one. `work` awaits nothing but SQL, and what it remembers outside must be set anew at each run. When this resolves,
   * the changes survive a power cut; works that wait at the same moment are made durable together (`group-commit.ts`).
   */
  tx<T>(work: (sql: Sql) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** @param url `sqlite:/path/state.db`, or `postgres://...`. */
export async function openStore({ url }: { readonly url: string }): Promise<Store> {
  const databases = dialectOf(url)
  try {
    await migrate(databases.write)
  } catch (error) {
    await databases.write.destroy()
    throw error
  }
  const read = databases.openRead()
  const works = new GroupCommit({
    alone: (work) => attempt(databases, work),
    once: (work) => transactionOf(databases).execute(work),
    surelyUndone: (error) => databases.surelyUndone(error),
    ends: (error) => databases.worthRetrying(error),
  })
  const inside = new AsyncLocalStorage<true>()
  return {
    kind: databases.kind,
    read,
    tx: (work) => {
      // It would wait for itself for ever.
      if (inside.getStore()) return Promise.reject(masterErrors.NESTED_TRANSACTION())
      return works.run((sql) => inside.run(true, () => work(sql)))
    },
    async close() {
      await works.idle()
      await read.destroy()
      await databases.write.destroy()
    },
  }
}

/** How far a database is from this version's schema; nothing is changed. Throws DATABASE_TOO_NEW. */
export async function pendingMigrations(url: string): Promise<Missing> {
  const { write } = dialectOf(url)
  return missingMigrations(write).finally(() => write.destroy())
}

async function attempt<T>(databases: Databases, work: (sql: Sql) => Promise<T>): Promise<T> {
  for (let failures = 0; ; ) {
    try {
      return await transactionOf(databases).execute(work)
    } catch (error) {
      failures += 1
      if (failures >= TRIES || !databases.worthRetrying(error)) throw storageFailure(error)
      await systemClock.sleep(backoffDelay(failures, { first: 10, most: 500 }))
    }
  }
}

function transactionOf({ kind, write }: Databases) {
  const transaction = write.transaction()
  // SQLite transactions are serial anyhow, and its dialect knows no levels.
  return kind === 'postgres' ? transaction.setIsolationLevel('serializable') : transaction
}

/** SQLITE_FULL, SQLITE_IOERR; PostgreSQL's class 53 (insufficient resources). */
function storageFailure(error: unknown): unknown {
  const { errcode, code } = (error ?? {}) as { errcode?: unknown; code?: unknown }
  const full = errcode === 13 || code === '53100'
  const broken = typeof errcode === 'number' && (errcode & 0xff) === 10
  if (!full && !broken) return error
  const reason = full ? 'its disk is full' : 'the disk reported an error'
  return masterErrors.DATABASE_UNWRITABLE({ reason }, error)
}

function dialectOf(url: string): Databases {
  if (url.startsWith('sqlite:')) {
    const path = url.startsWith('sqlite://')
      ? fileURLToPath(url.replace(/^sqlite/, 'file'))
      : url.slice('sqlite:'.length)
    return openSqlite(path)
  }
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgres(url)
  throw masterErrors.DATABASE_URL({ url: url.replace(/\/\/[^@/]*@/, '//***@') })
}
