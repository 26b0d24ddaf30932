import { execFile } from 'node:child_process'
import { chmod, cp, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { messageOf, readVersioned, writeVersioned } from '@slapos/base'
import { newEpoch } from '../domain/epoch.ts'
import { dataFiles, prepareDataDirectory } from '../server/data-directory.ts'
import { serverErrors } from '../server/errors.ts'
import { lockDirectory } from '../server/lock.ts'
import { VERSION } from '../server/version.ts'
import { openStore } from '../store/index.ts'
import type { DataOptions } from './call.ts'
import { finish, type Output } from './output.ts'

const run = promisify(execFile)
const FORMAT = 1
const MANIFEST = 'backup.json'

/**
 * `slapos master backup FILE`: database and keys in one tar file of mode 0600, while the Master runs. Telemetry is
 * left out: it may be lost.
 */
export const backupMaster = (options: DataOptions & { readonly file: string }, output: Output): Promise<number> =>
  finish(output, async () => {
    if (options.database?.startsWith('postgres')) throw serverErrors.BACKUP_DATABASE()
    const files = dataFiles(options.dataDirectory)
    const file = resolve(options.file)
    const work = await mkdtemp(join(dirname(file), '.slapos-backup-')).catch(failed)
    try {
      const source = new DatabaseSync(files.state, { readOnly: true })
      try {
        // One consistent moment, whatever is written meanwhile.
        source.prepare('VACUUM INTO ?').run(join(work, 'state.db'))
      } finally {
        source.close()
      }
      await cp(files.pki, join(work, 'pki'), { recursive: true })
      await writeVersioned(join(work, MANIFEST), FORMAT, { version: VERSION, made: Date.now() })
      const made = `${work}.tar`
      await (await open(made, 'wx', 0o600)).close() // private from its first byte
      await run('tar', ['-C', work, '-cf', made, MANIFEST, 'state.db', 'pki'])
      await chmod(made, 0o600)
      await synced(made)
      await rename(made, file)
      output.out(`${file} holds the Master of ${files.directory}; keep it secret: it holds the keys`)
    } catch (error) {
      await rm(`${work}.tar`, { force: true })
      return failed(error)
    } finally {
      await rm(work, { recursive: true, force: true })
    }
    return undefined
  })

/** `slapos master restore FILE`, into an empty data directory. A new epoch begins: every node fetches everything anew. */
export const restoreMaster = (options: DataOptions & { readonly file: string }, output: Output): Promise<number> =>
  finish(output, async () => {
    const files = await prepareDataDirectory(options.dataDirectory)
    const release = await lockDirectory(files.directory)
    try {
      if ((await readdir(files.directory)).length > 0) throw serverErrors.ALREADY_PREPARED({ path: files.directory })
      try {
        await run('tar', [
          '-C',
          files.directory,
          '-xf',
          resolve(options.file),
          '--no-same-owner',
          MANIFEST,
          'state.db',
          'pki',
        ])
        const manifest = await readVersioned(join(files.directory, MANIFEST), FORMAT)
        if (!manifest)
          throw serverErrors.BACKUP_FAILED({ reason: `${basename(options.file)} is no backup of a Master` })
        await rm(join(files.directory, MANIFEST))
        const store = await openStore({ url: `sqlite:${files.state}` })
        const epoch = await newEpoch(store).finally(() => store.close())
        output.out(`restored into ${files.directory}; epoch ${epoch} begins`)
      } catch (error) {
        // Half a Master is worse than none.
        for (const name of await readdir(files.directory)) {
          await rm(join(files.directory, name), { recursive: true, force: true })
        }
        return failed(error)
      }
    } finally {
      await release()
    }
    return undefined
  })

async function synced(path: string): Promise<void> {
  const handle = await open(path, 'r')
  await handle.sync().finally(() => handle.close())
}

function failed(error: unknown): never {
  if (error instanceof Error && error.name === 'SlapError') throw error
  const stderr = typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr).trim() : ''
  throw serverErrors.BACKUP_FAILED({ reason: stderr.split('\n')[0] || messageOf(error) }, error)
}
