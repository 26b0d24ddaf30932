import type { FastifyRequest } from 'fastify'
import type { Caller, Cloud } from '../../domain/cloud.ts'
import type { Certificates } from '../../identity/identity.ts'

/** As much of identity as these surfaces use. */
export type InstanceCertificates = Pick<Certificates, 'ofInstance' | 'issuePair' | 'revokeSubject'>

export interface SlapOptions {
  readonly cloud: Cloud
  /** Throws 401 without a certificate, 403 with one that is not accepted. */
  identify(request: FastifyRequest): Caller
  readonly certificates: InstanceCertificates
  /** Undefined: there is none, `getHateoasUrl` answers 404. */
  hateoasUrl(): string | undefined
}
