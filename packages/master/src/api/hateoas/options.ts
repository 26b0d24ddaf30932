import type { FastifyRequest } from 'fastify'
import type { Caller, Cloud } from '../../domain/cloud.ts'
import type { MachineCloud } from '../slap/options.ts'

export interface ListedComputer {
  readonly reference: string
  readonly title: string
}

export interface HateoasOptions {
  readonly cloud: MachineCloud & { readonly people: Pick<Cloud['people'], 'get'> }
  /** Throws 401 without a certificate, 403 with one that is not accepted. */
  identify(request: FastifyRequest): Caller
  /** Nodes that the caller may see. */
  computers(caller: Caller): Promise<readonly ListedComputer[]>
  /** A new single-use token for a node, in the person's name. Throws when he may not make one. */
  computerToken(caller: Extract<Caller, { kind: 'person' }>): Promise<string>
  /** The very text that `getHateoasUrl` answers: clients compare its beginning. */
  hateoasUrl(): string
}
