import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../../domain/cloud.ts'
import type { Certificates } from '../../identity/identity.ts'
import type { MachineCloud } from '../slap/options.ts'

export interface NodeOptions {
  readonly cloud: MachineCloud
  /** Throws 401 without a certificate, 403 with one that is not accepted. */
  identify(request: FastifyRequest): Caller
  readonly certificates: Pick<Certificates, 'sign' | 'revokeSubject'>
  /** Of the Master's program. */
  readonly version: string
  /** Answers the event stream of a computer; absent: events are not offered. */
  readonly events?: (computer: string, request: FastifyRequest, reply: FastifyReply) => unknown
  /** Wall clock, milliseconds. */
  now(): number
}
