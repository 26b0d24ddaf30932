import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Schema } from '../../schema.ts'
import type { Databases } from '../databases.ts'

const READERS = 4
/** serialization_failure, deadlock_detected. */
const RETRIED = new Set(['40001', '40P01'])

const INT8 = 20
/** Every 64-bit number of ours (moments, microseconds) is far below 2^53: plain numbers, as in SQLite. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

export function openPostgres(url: string): Databases {
  const open = (max: number) => {
    const pool = new pg.Pool({ connectionString: url, max, types })
    pool.on('error', () => {}) // an idle connection that breaks is replaced; whoever uses one sees the error
    return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  }
  const worthRetrying = (error: unknown) => RETRIED.has(String((error as { code?: unknown } | null)?.code))
  return {
    kind: 'postgres',
    write: open(1),
    openRead: () => open(READERS),
    worthRetrying,
    surelyUndone: worthRetrying,
  }
}
