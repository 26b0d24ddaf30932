import type { FastifyRequest } from 'fastify'
import type { Caller, Cloud } from '../../domain/cloud.ts'
import type { Certificates } from '../../identity/identity.ts'

/** As much of identity as these surfaces use. */
export type InstanceCertificates = Pick<Certificates, 'ofInstance' | 'issuePair' | 'revokeSubject'>

/** As much of the domain as machines and classic clients use. */
export interface MachineCloud {
  readonly demand: Cloud['demand']
  readonly limits: Pick<Cloud['limits'], 'get'>
  readonly nodes: Pick<
    Cloud['nodes'],
    | 'create'
    | 'setAllocationScope'
    | 'remove'
    | 'format'
    | 'revision'
    | 'document'
    | 'partition'
    | 'desired'
    | 'slaves'
    | 'publishSlaves'
    | 'contacted'
    | 'telemetry'
    | 'status'
    | 'bang'
    | 'treeAddresses'
    | 'consumption'
  >
  readonly software: Pick<Cloud['software'], 'supply' | 'report' | 'error' | 'status' | 'releases'>
  readonly instances: Pick<
    Cloud['instances'],
    | 'request'
    | 'report'
    | 'error'
    | 'bang'
    | 'rename'
    | 'publish'
    | 'status'
    | 'get'
    | 'root'
    | 'listRoots'
    | 'listOfComputer'
    | 'listSlavesOf'
    | 'listOfTree'
  >
}

export interface SlapOptions {
  readonly cloud: MachineCloud
  /** Throws 401 without a certificate, 403 with one that is not accepted. */
  identify(request: FastifyRequest): Caller
  readonly certificates: InstanceCertificates
  /** Undefined: there is none, `getHateoasUrl` answers 404. */
  hateoasUrl(): string | undefined
}
