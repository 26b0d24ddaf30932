import { randomBytes } from 'node:crypto'
import { open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

export interface AtomicFileOptions {
  /** Permission bits of the new file. Default 0o644. */
  readonly mode?: number
  /** Owner, when it must differ from the writer. */
  readonly owner?: { readonly uid: number; readonly gid: number }
}

/**
 * Writes a file so that a reader, or a machine that loses power, sees the old content or the new one and nothing
 * between: temporary file in the same directory, fsync, rename, fsync of the directory.
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  { mode = 0o644, owner }: AtomicFileOptions = {},
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  const handle = await open(temporary, 'wx', mode)
  try {
    await handle.writeFile(data)
    await handle.chmod(mode) // the umask must not widen or narrow what was asked
    if (owner) await handle.chown(owner.uid, owner.gid)
    await handle.sync()
    await handle.close()
    await rename(temporary, path)
  } catch (error) {
    await handle.close().catch(() => {})
    await unlink(temporary).catch(() => {})
    throw error
  }
  const directory = await open(dirname(path), 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
