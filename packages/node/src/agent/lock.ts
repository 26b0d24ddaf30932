/**
 * The node lock: one process at a time works on a node. It is an abstract Unix socket, which the kernel gives to one
 * process, atomically, and takes back when that process ends in any way: no stale pid files. Its name is random and
 * kept in a file that only the node's owner reads, so that nobody else can take it first.
 */
import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'

export interface NodeLock {
  release(): Promise<void>
}

/** Undefined: another process holds it. */
export async function takeNodeLock(stateDirectory: string): Promise<NodeLock | undefined> {
  const name = `\0slapos-node-${await lockName(stateDirectory)}`
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    server.listen({ path: name, exclusive: true }, () => {
      server.unref()
      resolve({ release: () => new Promise((done) => server.close(() => done())) })
    })
  })
}

async function lockName(stateDirectory: string): Promise<string> {
  await mkdir(stateDirectory, { recursive: true, mode: 0o755 })
  const path = join(stateDirectory, 'lock-name')
  const found = await readFile(path, 'utf8').catch(() => '')
  if (found !== '') return found
  const temporary = `${path}.${randomBytes(6).toString('hex')}`
  await writeFile(temporary, randomBytes(16).toString('hex'), { mode: 0o600 })
  try {
    await link(temporary, path) // of two that start together, one name wins
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(temporary)
  }
  return readFile(path, 'utf8')
}
