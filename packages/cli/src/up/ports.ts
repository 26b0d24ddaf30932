import { createServer } from 'node:net'
import { cliErrors } from '../errors.ts'

/** Throws PORT_TAKEN when nothing could listen there now. */
export async function requireFreePort(host: string, port: number): Promise<void> {
  const server = createServer()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', (error: NodeJS.ErrnoException) => {
    reject(error.code === 'EADDRINUSE' ? cliErrors.PORT_TAKEN({ host, port }, error) : error)
  })
  server.listen({ host, port, exclusive: true }, resolve)
  await promise
  await new Promise<void>((done) => server.close(() => done()))
}
