import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { createServer } from 'node:net'
import { serverErrors } from './errors.ts'

/**
 * One Master a data directory: an abstract unix socket named after it. The kernel drops it with the process, however
 * that ends, so there is no stale lock. Throws DATA_IN_USE; answers the release function.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const name = createHash('sha256')
    .update(await realpath(directory))
    .digest('hex')
    .slice(0, 32)
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? serverErrors.DATA_IN_USE({ path: directory }) : error),
    )
    server.listen({ path: `\0slapos-master-${name}` }, resolve)
  })
  server.unref()
  return () => new Promise<void>((resolve) => server.close(() => resolve()))
}
