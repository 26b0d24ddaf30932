import { isSlapError } from '@slapos/base'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { surfaceErrors } from './errors.ts'
import { BODY_LIMIT } from './form.ts'

export interface Failure {
  readonly status: number
  readonly code: string
  readonly line: string
}

/** What the caller is told. Defects of the Master are logged and not described to strangers. */
export function failureOf(error: unknown, request: FastifyRequest): Failure {
  if (isSlapError(error)) return { status: error.status, code: error.code, line: error.line }
  const { code, statusCode, message } = fastifyError(error)
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return failureOf(surfaceErrors.BODY_TOO_LARGE({ limit: BODY_LIMIT }), request)
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return { status: statusCode, code: code ?? 'BAD_REQUEST', line: message }
  }
  request.log.error({ err: error }, 'a request failed')
  return { status: 500, code: 'INTERNAL', line: 'the Master failed; its log says more' }
}

/** Errors as one line of text, on every route of this plugin. */
export function answerFailuresAsText(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => sendFailureAsText(failureOf(error, request), reply))
}

export function sendFailureAsText({ status, code, line }: Failure, reply: FastifyReply): FastifyReply {
  if (status === 503) reply.header('retry-after', '5')
  return reply
    .code(status)
    .header('cache-control', 'private, no-store')
    .header('x-slapos-error', code)
    .type('text/plain; charset=utf-8')
    .send(line)
}

function fastifyError(error: unknown): Partial<FastifyError> & { readonly message: string } {
  return error instanceof Error ? error : { message: String(error) }
}
