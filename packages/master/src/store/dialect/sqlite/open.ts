import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makePrivate } from '@slapos/base'
import { Kysely } from 'kysely'
import type { Schema } from '../../schema.ts'
import type { Databases } from '../databases.ts'
import { NodeSqliteDialect } from './dialect.ts'

/** Milliseconds to wait for another process (a backup, a shell) that holds the lock. */
const BUSY_TIMEOUT = 5000

const PRAGMAS =
  'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory'

/** SQLite result codes for "somebody else holds the lock", extended codes included. */
const BUSY = 5
const LOCKED = 6

export function openSqlite(path: string): Databases {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  makePrivate(path)
  const writer = new DatabaseSync(path, { timeout: BUSY_TIMEOUT })
  writer.exec(PRAGMAS)
  return {
    kind: 'sqlite',
    write: new Kysely<Schema>({ dialect: new NodeSqliteDialect(writer) }),
    openRead: () => {
      const reader = new DatabaseSync(path, { timeout: BUSY_TIMEOUT, readOnly: true })
      return new Kysely<Schema>({ dialect: new NodeSqliteDialect(reader) })
    },
    worthRetrying: (error) => {
      const code = (error as { errcode?: unknown } | null)?.errcode
      return typeof code === 'number' && ((code & 0xff) === BUSY || (code & 0xff) === LOCKED)
    },
    // In this process: a commit that is refused is rolled back before the error is told.
    surelyUndone: () => true,
  }
}
