import { isSlapError } from '@slapos/base'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { failureOf } from '../slap/failures.ts'
import type { Missing } from './method.ts'

/**
 * Errors of this API: `{status, type, title}`; what the domain refuses is 403, whatever its own status, save an
 * unreadable usage report.
 */
export interface RpcFailure {
  readonly status: number
  readonly type: string
  readonly title: string
}

/** Types that existing clients know, where they differ from our own codes. */
const TYPES: Readonly<Record<string, string>> = {
  DESTROY_NOT_ASKED: 'SOFTWARE-INSTALLATION-DESTROY-NOT-REQUESTED',
  NO_HATEOAS: 'HATEOAS-URL-NOT-FOUND',
  PARTITION_FREE: 'SOFTWARE-INSTANCE-NOT-FOUND',
}

export function rpcFailure(error: unknown, request: FastifyRequest, missing: Missing): RpcFailure {
  const protocol = protocolFailure(error)
  if (protocol) return protocol
  const { status, code, line: title } = failureOf(error, request)
  if (!isSlapError(error) || status >= 500 || status === 401 || status === 413) return { status, type: code, title }
  if (code === 'CONSUMPTION_INVALID') return { status: 400, type: 'INVALIDATE_TIOXML', title }
  return { status: 403, type: code === 'NOT_FOUND' ? missing : (TYPES[code] ?? code), title }
}

export const sendRpcFailure = (failure: RpcFailure, reply: FastifyReply): FastifyReply =>
  reply.code(failure.status).send(failure)

function protocolFailure(error: unknown): RpcFailure | undefined {
  if (!(error instanceof Error)) return undefined
  const title = error.message
  if ('validation' in error) return { status: 400, type: 'invalid-json-object-content', title }
  const code = 'code' in error ? error.code : undefined
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return { status: 415, type: 'unexpected-media-type', title }
  if (
    code === 'FST_ERR_CTP_EMPTY_JSON_BODY' ||
    code === 'FST_ERR_CTP_INVALID_JSON_BODY' ||
    error instanceof SyntaxError
  ) {
    return { status: 400, type: 'not-parsable-json-content', title }
  }
  return undefined
}
