import type { Socket } from 'node:net'
import type { Caller } from '../../domain/cloud.ts'
import { identityErrors } from '../errors.ts'
import type { Certificates } from '../identity.ts'
import type { PeerConnections } from './peers.ts'

/** As much of a request as identification needs. */
export interface TlsRequest {
  readonly raw: { readonly socket: Socket }
}

export interface Identify {
  /** Throws CERTIFICATE_NEEDED (401) or CERTIFICATE_REFUSED (403). */
  (request: TlsRequest): Caller
  /** Undefined instead of an error. */
  orNobody(request: TlsRequest): Caller | undefined
}

/** Who the client certificate of a request is. Costs two look-ups in memory. */
export function createIdentify(certificates: Certificates, peers: PeerConnections): Identify {
  const identify = (request: TlsRequest): Caller => {
    const fingerprint = peers.fingerprintOf(request.raw.socket)
    if (fingerprint === undefined) throw identityErrors.CERTIFICATE_NEEDED()
    const caller = certificates.find(fingerprint)
    if (caller === undefined) throw identityErrors.CERTIFICATE_REFUSED()
    return caller
  }
  const orNobody = (request: TlsRequest): Caller | undefined => {
    const fingerprint = peers.fingerprintOf(request.raw.socket)
    return fingerprint === undefined ? undefined : certificates.find(fingerprint)
  }
  return Object.assign(identify, { orNobody })
}
