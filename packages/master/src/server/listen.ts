import type { Server } from 'node:net'
import { messageOf } from '@slapos/base'
import type { FastifyInstance } from 'fastify'
import { serverErrors } from './errors.ts'
import type { ListenAt } from './options.ts'

/** Listens, or says in one line why not. Answers the port. */
export async function listen(app: FastifyInstance, { host, port }: ListenAt): Promise<number> {
  const address = `${host}:${port}`
  try {
    await app.listen({ host, port })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE') throw serverErrors.PORT_TAKEN({ address }, error)
    if (code === 'EACCES') throw serverErrors.PORT_FORBIDDEN({ address }, error)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
      throw serverErrors.ADDRESS_ABSENT({ address, reason: messageOf(error) }, error)
    }
    throw error
  }
  const server: Server = app.server
  const bound = server.address()
  return typeof bound === 'object' && bound !== null ? bound.port : port
}
