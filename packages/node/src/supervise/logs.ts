import { watch } from 'node:fs'
import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The last bytes of an s6-log directory, reaching back into rotated files. */
export async function tailLog(directory: string, bytes: number): Promise<string> {
  const names = await readdir(directory).catch(() => [])
  // Rotated files are named by TAI64N stamps: plain order is time order, and `current` is the newest.
  const files = [...names.filter((name) => name.startsWith('@')).sort(), ...names.filter((name) => name === 'current')]
  const parts: Buffer[] = []
  let missing = bytes
  for (const name of files.reverse()) {
    if (missing <= 0) break
    const part = await lastBytes(join(directory, name), missing)
    parts.unshift(part)
    missing -= part.length
  }
  return Buffer.concat(parts).toString('utf8')
}

async function lastBytes(path: string, count: number): Promise<Buffer> {
  const handle = await open(path).catch(() => undefined)
  if (!handle) return Buffer.alloc(0) // rotated away this moment
  try {
    const { size } = await handle.stat()
    const length = Math.min(size, count)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** What `current` gains, across rotations, until the signal aborts or the directory goes away. */
export async function* followLog(directory: string, signal: AbortSignal): AsyncGenerator<string> {
  const path = join(directory, 'current')
  let wake = () => {}
  const watcher = watch(directory, () => wake())
  watcher.on('error', () => wake())
  const abort = () => wake()
  signal.addEventListener('abort', abort, { once: true })
  let handle = await open(path).catch(() => undefined)
  let position = handle ? (await handle.stat()).size : 0
  const decoder = new TextDecoder()
  try {
    while (!signal.aborted) {
      const changed = new Promise<void>((resolve) => {
        wake = resolve
      })
      handle ??= await open(path).catch(() => undefined)
      if (handle) {
        const gained = await readOn(handle, position)
        if (gained.length > 0) {
          position += gained.length
          yield decoder.decode(gained, { stream: true })
          continue
        }
        const next = await successor(directory, (await handle.stat()).ino)
        if (next) {
          // Between our last look and its rotation the file may have grown once more.
          const rest = await readOn(handle, position)
          if (rest.length > 0) {
            await next.close()
            position += rest.length
            yield decoder.decode(rest, { stream: true })
            continue
          }
          await handle.close()
          handle = next
          position = 0
          continue
        }
      }
      if ((await readdir(directory).catch(() => undefined)) === undefined) return
      await changed
    }
  } finally {
    signal.removeEventListener('abort', abort)
    watcher.close()
    await handle?.close()
  }
}

async function readOn(handle: FileHandle, position: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, position)
  return buffer.subarray(0, bytesRead)
}

/**
 * The file that came after the one of that inode, when it was rotated away; several rotations may lie between two looks.
 * A listing is old as soon as it is read, so what was opened counts only if a second listing says the same.
 */
async function successor(directory: string, inode: number): Promise<FileHandle | undefined> {
  for (;;) {
    const before = await rotatedNames(directory)
    const next = await openSuccessor(directory, before, inode)
    const after = await rotatedNames(directory)
    if (before.join() === after.join()) return next
    await next?.close()
  }
}

async function rotatedNames(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => [])
  return names.filter((name) => name.startsWith('@')).sort()
}

async function openSuccessor(directory: string, rotated: string[], inode: number): Promise<FileHandle | undefined> {
  let previous: number | undefined
  for (const name of [...rotated, 'current']) {
    const handle = await open(join(directory, name)).catch(() => undefined)
    if (!handle) continue
    const { ino } = await handle.stat()
    if (previous === inode) return handle
    previous = ino
    // Removed since (a flood): go on with what is there now.
    if (name === 'current' && ino !== inode) return handle
    await handle.close()
  }
  return undefined
}
