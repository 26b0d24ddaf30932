import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { messageOf, readVersioned, writeVersioned } from '@slapos/base'
import { newEpoch } from '../domain/epoch.ts'
import { openStore } from '../store/index.ts'
import { type DataFiles, databaseUrl } from './data-directory.ts'
import { dump, dumpName, isPostgres, load } from './dump.ts'
import { serverErrors } from './errors.ts'
import { BACKUP_FORMAT } from './health-checks.ts'
import { VERSION } from './version.ts'

const run = promisify(execFile)
const FORMAT = 1
const MANIFEST = 'backup.json'

export interface BackupOptions {
  readonly files: DataFiles
  /** Default: the embedded database. */
  readonly database?: string
  readonly file: string
}

/**
 * Database and keys in one tar file of mode 0600, while the Master runs. Telemetry is left out: it may be lost. Throws
 * BACKUP_FAILED, and leaves a file that was there as it was.
 */
export async function makeBackup({ files, database, file: name }: BackupOptions): Promise<void> {
  const url = databaseUrl(files, database)
  const file = resolve(name)
  const work = await mkdtemp(join(dirname(file), '.slapos-backup-')).catch(failed)
  try {
    await dump(url, work)
    await cp(files.pki, join(work, 'pki'), { recursive: true })
    const made = Date.now()
    await writeVersioned(join(work, MANIFEST), FORMAT, { version: VERSION, made })
    const tar = `${work}.tar`
    await (await open(tar, 'wx', 0o600)).close() // private from its first byte
    await run('tar', ['-C', work, '-cf', tar, MANIFEST, dumpName(url), 'pki'])
    await chmod(tar, 0o600)
    await synced(tar)
    await rename(tar, file)
    await writeVersioned(files.lastBackup, BACKUP_FORMAT, { made, file })
  } catch (error) {
    await rm(`${work}.tar`, { force: true })
    return failed(error)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/**
 * A backup into an empty data directory (and an empty PostgreSQL database), whose lock the caller holds. Begins another
 * epoch and answers it. Throws BACKUP_FAILED, and leaves the directory empty.
 */
export async function restoreBackup({ files, database, file }: BackupOptions): Promise<string> {
  const url = databaseUrl(files, database)
  const { directory } = files
  const work = join(directory, '.restore')
  try {
    await mkdir(work, { mode: 0o700 })
    await extract(file, work, [MANIFEST, 'pki'])
    await readVersioned(join(work, MANIFEST), FORMAT)
    await extract(file, work, [dumpName(url)]).catch((error: unknown) => {
      throw serverErrors.BACKUP_OTHER_DATABASE({ kind: isPostgres(url) ? 'SQLite' : 'PostgreSQL' }, error)
    })
    await load(url, work)
    await rename(join(work, 'pki'), files.pki)
    await rm(work, { recursive: true })
    const store = await openStore({ url })
    return await newEpoch(store).finally(() => store.close())
  } catch (error) {
    // Half a Master is worse than none.
    for (const name of await readdir(directory)) await rm(join(directory, name), { recursive: true, force: true })
    return failed(error)
  }
}

/** Only what is named: nothing else in the file is looked at. */
async function extract(file: string, into: string, names: readonly string[]): Promise<void> {
  await run('tar', ['-C', into, '-xf', resolve(file), '--no-same-owner', ...names])
}

async function synced(path: string): Promise<void> {
  const handle = await open(path, 'r')
  await handle.sync().finally(() => handle.close())
}

function failed(error: unknown): never {
  if (error instanceof Error && error.name === 'SlapError') throw error
  const stderr = typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr).trim() : ''
  throw serverErrors.BACKUP_FAILED({ reason: stderr.split('\n')[0] || messageOf(error) }, error)
}
