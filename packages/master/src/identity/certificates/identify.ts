import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { Caller } from '../../domain/cloud.ts'
import { identityErrors } from '../errors.ts'
import type { ApiTokens, Certificates } from '../identity.ts'
import type { PeerConnections } from './peers.ts'

/** As much of a request as identification needs. */
export interface TlsRequest {
  readonly raw: { readonly socket: Socket }
}

export interface Identify {
  /** Throws CERTIFICATE_NEEDED (401), CERTIFICATE_REFUSED (403) or API_TOKEN_REFUSED (401). */
  (request: TlsRequest): Caller
  /** Undefined instead of an error. */
  orNobody(request: TlsRequest): Caller | undefined
  /** Looks up the API token of a request that carries one; awaited before the request is handled. */
  prepare(request: TlsRequest & { readonly headers: IncomingHttpHeaders }): Promise<void>
}

/**
 * Who asks: by the API token that the request carries, else by the client certificate of its connection. A token that
 * is no good is refused, whatever the certificate: who sends one means to have no more rights than it gives. A
 * certificate costs two look-ups in memory.
 */
export function createIdentify(
  certificates: Certificates,
  peers: PeerConnections,
  apiTokens: Pick<ApiTokens, 'find'>,
): Identify {
  /** Undefined: the token was refused. */
  const byToken = new WeakMap<TlsRequest['raw'], Caller | undefined>()

  const identify = (request: TlsRequest): Caller => {
    if (byToken.has(request.raw)) {
      const caller = byToken.get(request.raw)
      if (caller === undefined) throw identityErrors.API_TOKEN_REFUSED()
      return caller
    }
    const fingerprint = peers.fingerprintOf(request.raw.socket)
    if (fingerprint === undefined) throw identityErrors.CERTIFICATE_NEEDED()
    const caller = certificates.find(fingerprint)
    if (caller === undefined) throw identityErrors.CERTIFICATE_REFUSED()
    return caller
  }
  const orNobody = (request: TlsRequest): Caller | undefined => {
    if (byToken.has(request.raw)) return byToken.get(request.raw)
    const fingerprint = peers.fingerprintOf(request.raw.socket)
    return fingerprint === undefined ? undefined : certificates.find(fingerprint)
  }
  const prepare: Identify['prepare'] = async ({ raw, headers }) => {
    const secret = bearerOf(headers)
    if (secret === undefined) return
    const token = await apiTokens.find(secret)
    if (token === undefined) byToken.set(raw, undefined)
    else {
      const { person, scope, project } = token
      byToken.set(raw, { kind: 'person', person, via: 'token', grant: { scope, project } })
    }
  }
  return Object.assign(identify, { orNobody, prepare })
}

/** The secret of `Authorization: Bearer`. */
export const bearerOf = ({ authorization = '' }: IncomingHttpHeaders): string | undefined =>
  /^Bearer (\S+)$/i.exec(authorization)?.[1]
