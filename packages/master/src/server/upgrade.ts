import { join } from 'node:path'
import { pendingMigrations } from '../store/index.ts'
import { makeBackup } from './backup.ts'
import { type DataFiles, databaseUrl } from './data-directory.ts'
import { isPostgres } from './dump.ts'

export interface PendingUpgrade {
  /** Steps that the database lacks, oldest first. Empty: it is of this version. */
  readonly steps: readonly string[]
  /** Where the state before them was kept. */
  readonly backup?: string
}

/**
 * Before the database of an older version is changed, it is kept with the keys in `before-upgrade.tar`: a downgrade is a
 * restore. PostgreSQL is left to its administrator. Throws DATABASE_TOO_NEW for the database of a newer version.
 */
export async function keepBeforeUpgrade(files: DataFiles, database?: string): Promise<PendingUpgrade> {
  const url = databaseUrl(files, database)
  const { applied, pending: steps } = await pendingMigrations(url)
  if (steps.length === 0 || applied === 0 || isPostgres(url)) return { steps }
  const backup = join(files.directory, 'before-upgrade.tar')
  await makeBackup({ files, file: backup, ...(database !== undefined && { database }) })
  return { steps, backup }
}
