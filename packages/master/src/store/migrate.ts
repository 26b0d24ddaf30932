import { type Kysely, type MigrationProvider, Migrator, sql } from 'kysely'
import { masterErrors } from '../errors.ts'
import { migrations } from './migrations/index.ts'
import type { Schema } from './schema.ts'

const provider: MigrationProvider = { getMigrations: async () => ({ ...migrations }) }

/** Brings the database to this version's schema. A database of a newer version is refused untouched. */
export async function migrate(db: Kysely<Schema>): Promise<void> {
  await missingMigrations(db)
  const { error, results } = await new Migrator({ db, provider }).migrateToLatest()
  if (error === undefined) return
  const failed = results?.find((result) => result.status === 'Error')?.migrationName ?? 'the first step'
  throw masterErrors.MIGRATION_FAILED(
    { name: failed, reason: error instanceof Error ? error.message : String(error) },
    error,
  )
}

/** What `migrate` would do: how many steps were done before, and which are not yet. Throws DATABASE_TOO_NEW. */
export async function missingMigrations(db: Kysely<Schema>): Promise<Missing> {
  const applied = await appliedMigrations(db)
  const unknown = applied.filter((name) => !(name in migrations))
  if (unknown.length > 0) throw masterErrors.DATABASE_TOO_NEW({ migrations: unknown.join(', ') })
  return { applied: applied.length, pending: Object.keys(migrations).filter((name) => !applied.includes(name)) }
}

export interface Missing {
  readonly applied: number
  readonly pending: readonly string[]
}

async function appliedMigrations(db: Kysely<Schema>): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some((table) => table.name === 'kysely_migration')) return []
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db)
  return rows.map((row) => row.name)
}
