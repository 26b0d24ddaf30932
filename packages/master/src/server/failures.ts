import { isSlapError } from '@slapos/base'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { failureOf } from '../api/slap/failures.ts'
import { serverErrors } from './errors.ts'

/** One answer for everything that goes wrong: `{ code, message, next }`, and never a stack. */
export function answerFailures(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => send(error, request, reply))
}

export function answerNotFound(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) =>
    send(serverErrors.ROUTE_UNKNOWN({ path: request.url.split('?')[0] ?? '' }), request, reply),
  )
}

function send(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, code, line } = failureOf(error, request)
  if (status === 503 || status === 429) reply.header('retry-after', '5')
  reply.code(status).header('cache-control', 'private, no-store')
  if (!isSlapError(error)) return reply.send({ code, message: line, next: '' })
  return reply.send({ code, message: error.message, next: error.next, params: error.params })
}
