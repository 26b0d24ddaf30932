import { type ErrorDefinition, SlapError } from '@slapos/base'
import { masterClientErrors } from '../errors.ts'

/**
 * How a call to a Master can fail; a caller acts upon the kind.
 *   unreachable  network, timeout, closed connection: keep what runs, try again
 *   untrusted    the server is not the pinned Master: as unreachable, and tell the person
 *   refused      401, 403: the certificate or token is not accepted
 *   not-found    404: it does not exist
 *   not-ready    408: it is being provisioned
 *   rejected     other 4xx: the request is wrong
 *   failed       5xx and 429: try again, not before `retryAfterMs`
 *   bad-answer   it answered something that is not of this protocol
 */
export type MasterFailure = keyof typeof CODES

const CODES = {
  unreachable: 'MASTER_UNREACHABLE',
  untrusted: 'MASTER_UNTRUSTED',
  refused: 'MASTER_REFUSED',
  'not-found': 'MASTER_NOT_FOUND',
  'not-ready': 'MASTER_NOT_READY',
  rejected: 'MASTER_REJECTED',
  failed: 'MASTER_FAILED',
  'bad-answer': 'MASTER_BAD_ANSWER',
} as const

export interface MasterErrorDetails {
  /** The call, as the URL's last part: `requestComputerPartition`. */
  readonly call: string
  readonly url: string
  readonly reason: string
  /** What the Master says can be done, when it explained itself; `reason` is then its own sentence. */
  readonly advice?: string
  /** Status that the Master answered, when it answered. */
  readonly answered?: number
  /** Its whole answer, at most 64 KiB. */
  readonly body?: string
  readonly retryAfterMs?: number
}

export class MasterError extends SlapError {
  readonly kind: MasterFailure
  readonly answered: number | undefined
  readonly body: string
  readonly retryAfterMs: number | undefined

  constructor(kind: MasterFailure, details: MasterErrorDetails, cause?: unknown) {
    const { call, url, reason, advice, answered = 0, body = '' } = details
    super(CODES[kind], definitionOf(kind, advice), { call, url, reason, advice: advice ?? '', status: answered }, cause)
    this.kind = kind
    this.answered = details.answered
    this.body = body
    this.retryAfterMs = details.retryAfterMs
  }
}

/** A Master that explains itself needs neither our guess at the reason nor our advice. */
function definitionOf(kind: MasterFailure, advice: string | undefined): ErrorDefinition {
  const definition = masterClientErrors.definitions[CODES[kind]]
  if (advice === undefined) return definition
  const { what, next } = masterClientErrors.definitions.MASTER_EXPLAINED
  return { ...definition, what, next }
}

/** Why a call failed; undefined when the error is not about the Master. */
export const masterFailure = (error: unknown): MasterFailure | undefined =>
  error instanceof MasterError ? error.kind : undefined

export function kindOfStatus(status: number): MasterFailure {
  if (status === 401 || status === 403) return 'refused'
  if (status === 404) return 'not-found'
  if (status === 408) return 'not-ready'
  if (status >= 500 || status === 429) return 'failed'
  return status >= 400 ? 'rejected' : 'bad-answer'
}
