/**
 * Changes files below one directory without ever leaving it. Every component of a path is opened without following
 * links, relative to the directory before it (through /proc/self/fd), so that a name swapped for a link between check
 * and use leads nowhere. Runs in the agent (local mode) or in a helper with the partition's uid (system mode).
 */
import { randomBytes } from 'node:crypto'
import { chmod, constants, type FileHandle, lstat, mkdir, open, readdir, rename, rmdir, unlink } from 'node:fs/promises'
import { nodeErrors } from '../errors.ts'

/** Plain JSON, so that it can travel to a helper. Removals come first, then directories, then files. */
export interface FileOperations {
  readonly remove: readonly string[]
  readonly directories: readonly { readonly path: string; readonly mode: number }[]
  readonly files: readonly { readonly path: string; readonly content: string; readonly mode: number }[]
}

export interface FileResult {
  readonly removed: number
  readonly written: number
}

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants

/** The components of a relative path, or UNSAFE_PATH. */
export function safeComponents(path: string): readonly string[] {
  const refuse = (reason: string) => nodeErrors.UNSAFE_PATH({ path: JSON.stringify(path), reason })
  if (path === '' || path.length > 1024) throw refuse('it is empty or too long')
  if (path.startsWith('/')) throw refuse('it is absolute')
  if (path.includes('\0')) throw refuse('it holds a zero byte')
  const components = path.split('/')
  for (const part of components) {
    if (part === '' || part === '.' || part === '..') throw refuse(`it holds "${part}" between slashes`)
    if (Buffer.byteLength(part) > 255) throw refuse('one of its names is too long')
  }
  return components
}

export async function applyFileOperations(root: string, operations: FileOperations): Promise<FileResult> {
  let removed = 0
  let written = 0
  for (const path of operations.remove) if (await removeFile(root, safeComponents(path))) removed++
  for (const { path, mode } of operations.directories) await makeDirectory(root, safeComponents(path), mode)
  for (const { path, content, mode } of operations.files) {
    await writeFile(root, safeComponents(path), content, mode)
    written++
  }
  return { removed, written }
}

/** Removes everything in `root` but the names of `keep`; `root` itself stays. */
export async function emptyDirectory(root: string, keep: readonly string[]): Promise<void> {
  const handle = await openDirectory(root, root)
  try {
    await clear(handle, new Set(keep))
  } finally {
    await handle.close()
  }
}

async function clear(directory: FileHandle, keep: ReadonlySet<string>): Promise<void> {
  await directory.chmod(0o700).catch(() => {}) // an unreadable tree of our own is readable again
  const path = at(directory)
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (keep.has(entry.name)) continue
    const child = `${path}/${entry.name}`
    if (!entry.isDirectory()) {
      await unlink(child)
      continue
    }
    // Write and search rights may be missing: give them back by path of the open parent, which cannot be a link now.
    const inner = await openDirectory(child, child).catch(async () => {
      await chmod(child, 0o700)
      return openDirectory(child, child)
    })
    try {
      await clear(inner, new Set())
    } finally {
      await inner.close()
    }
    await rmdir(child)
  }
}

const at = (handle: FileHandle) => `/proc/self/fd/${handle.fd}`

async function openDirectory(path: string, shown: string): Promise<FileHandle> {
  try {
    return await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'ELOOP' && code !== 'ENOTDIR') throw error
    throw nodeErrors.UNSAFE_PATH({ path: shown, reason: 'a part of it is a link or not a directory' }, error)
  }
}

/** Calls back with the open parent of the last component. `create` makes the missing directories on the way. */
async function inParent<T>(
  root: string,
  components: readonly string[],
  create: boolean,
  callback: (parent: FileHandle, name: string) => Promise<T>,
): Promise<T | undefined> {
  let handle = await openDirectory(root, root)
  try {
    for (const part of components.slice(0, -1)) {
      const path = `${at(handle)}/${part}`
      if (create) await mkdir(path, 0o750).catch(ignore('EEXIST'))
      let next: FileHandle
      try {
        next = await openDirectory(path, components.join('/'))
      } catch (error) {
        if (!create && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
      await handle.close()
      handle = next
    }
    return await callback(handle, components.at(-1) ?? '')
  } finally {
    await handle.close()
  }
}

async function removeFile(root: string, components: readonly string[]): Promise<boolean> {
  const done = await inParent(root, components, false, async (parent, name) => {
    const path = `${at(parent)}/${name}`
    try {
      await unlink(path)
      return true
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'ENOENT') return false
      if (code !== 'EISDIR' && code !== 'EPERM') throw error
      return false // a directory took its place: it is the program's own now
    }
  })
  return done === true
}

async function makeDirectory(root: string, components: readonly string[], mode: number): Promise<void> {
  await inParent(root, components, true, async (parent, name) => {
    const path = `${at(parent)}/${name}`
    const made = await mkdir(path, mode).then(() => true, ignore('EEXIST'))
    const handle = await openDirectory(path, components.join('/'))
    try {
      if (made === true || ((await handle.stat()).mode & 0o777) !== mode) await handle.chmod(mode)
    } finally {
      await handle.close()
    }
  })
}

async function writeFile(root: string, components: readonly string[], content: string, mode: number): Promise<void> {
  await inParent(root, components, true, async (parent, name) => {
    const target = `${at(parent)}/${name}`
    const existing = await lstat(target).catch(ignore('ENOENT'))
    if (existing && !existing.isFile()) {
      throw nodeErrors.UNSAFE_PATH({ path: components.join('/'), reason: 'a link or a directory has its place' })
    }
    const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(content)
      await handle.chmod(mode & 0o777)
      await handle.datasync()
      await handle.close()
      await rename(temporary, target)
    } catch (error) {
      await handle.close().catch(() => {})
      await unlink(temporary).catch(() => {})
      throw error
    }
  })
}

const ignore =
  (...codes: readonly string[]) =>
  (error: unknown): undefined => {
    if (codes.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
