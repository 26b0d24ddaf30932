/** For tests of the surfaces' translation: a Cloud that records what it is asked and answers what the test says. */
import type { AccessStatus, ComputerDocument, OccupantDocument, RequestedInstance } from '@slapos/slap'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Caller, InstanceView, RequestAnswer } from '../../domain/cloud.ts'
import { LIMITS } from '../../domain/limits.ts'
import { masterErrors } from '../../errors.ts'
import { identityErrors } from '../../identity/errors.ts'
import type { MachineCloud } from './options.ts'

export const OCCUPANT: OccupantDocument = {
  instanceGuid: 'SOFTINST-8',
  title: 'FRONTEND',
  rootTitle: 'FRONTEND',
  state: 'started',
  releaseUrl: 'http://sr.example/demo/software.cfg',
  softwareType: 'default',
  parameters: { greeting: 'Tom & <Jérôme>' },
  connection: {},
  filter: {},
  accessStatus: '#access Instance correctly started',
  ipList: [['slaptap0', '10.0.77.40']],
  fullIpList: [],
  slaves: [],
  timestamp: '1795342751717264',
}

export const STATUS: AccessStatus = {
  user: 'COMP-1',
  created_at: 'Sun, 22 Nov 2026 10:18:43 GMT',
  since: 'Sun, 22 Nov 2026 09:00:00 GMT',
  state: 'started',
  text: '#access COMP-1',
  reference: 'COMP-1',
  portal_type: 'Compute Node',
  no_data_since_15_minutes: 0,
  no_data_since_5_minutes: 0,
}

export interface CloudDouble extends MachineCloud {
  /** Use case, then its arguments after the caller. */
  readonly calls: (readonly [name: string, ...rest: unknown[]])[]
  /** Set by the test. */
  revisionNow: number
  answer: RequestAnswer
  failWith: Error | undefined
}

export function cloudDouble(): CloudDouble {
  const calls: CloudDouble['calls'] = []
  const computer: ComputerDocument = {
    computerId: 'COMP-1',
    partitions: [
      { computerId: 'COMP-1', partitionId: 'slappart0', occupant: OCCUPANT },
      { computerId: 'COMP-1', partitionId: 'slappart1', occupant: undefined },
    ],
    installations: [{ url: OCCUPANT.releaseUrl, state: 'available' }],
  }
  const instance: RequestedInstance = { ...OCCUPANT, computerId: 'COMP-1', partitionId: 'slappart0' }
  const view: InstanceView = {
    ...OCCUPANT,
    guid: OCCUPANT.instanceGuid,
    rootGuid: OCCUPANT.instanceGuid,
    project: 'PROJ-1',
    shared: false,
    computer: 'COMP-1',
    partition: 'slappart0',
    revision: 1,
    status: STATUS,
    waiting: [],
    waitingSince: null,
  }
  const position = 'epoch:1'
  const answering =
    <T>(name: string, value: T) =>
    async (_caller: Caller, ...rest: unknown[]): Promise<T> => {
      calls.push([name, ...rest])
      if (double.failWith) throw double.failWith
      return value
    }
  const doing = (name: string) => answering(name, undefined)
  const known = (reference: string) => {
    if (reference !== 'COMP-1') throw masterErrors.NOT_FOUND({ what: reference })
  }
  const double: CloudDouble = {
    calls,
    revisionNow: 1,
    answer: { kind: 'allocated', instance, status: STATUS },
    failWith: undefined,
    demand: async (caller, useCase, about) => {
      await answering(useCase, undefined)(caller, about)
      if ('computer' in about) known(about.computer)
    },
    limits: { get: async (name) => LIMITS[name] },
    nodes: {
      create: answering('nodes.create', { computer: 'COMP-1', created: true }),
      setAllocationScope: doing('nodes.setAllocationScope'),
      remove: doing('nodes.remove'),
      format: doing('nodes.format'),
      revision: () => double.revisionNow,
      document: async (caller, reference) => {
        await answering('nodes.document', undefined)(caller, reference)
        known(reference)
        return { position, value: computer }
      },
      partition: async (caller, reference, partition) => {
        await answering('nodes.partition', undefined)(caller, reference, partition)
        known(reference)
        const value = computer.partitions.find(({ partitionId }) => partitionId === partition)
        if (!value) throw masterErrors.NOT_FOUND({ what: partition })
        return { position, value }
      },
      desired: answering('nodes.desired', {
        format: 1,
        position,
        full: true,
        partitions: [{ partitionId: 'slappart1', occupant: null }],
        removedPartitions: [],
        installations: [],
        removedInstallations: [],
      }),
      slaves: answering('nodes.slaves', { format: 1, position, full: true, changed: [], removed: [] }),
      publishSlaves: doing('nodes.publishSlaves'),
      contacted: () => {},
      telemetry: answering('nodes.telemetry', { format: 1, now: 1, wantFull: true, followed: ['agent'] }),
      status: answering('nodes.status', STATUS),
      bang: doing('nodes.bang'),
      treeAddresses: answering('nodes.treeAddresses', [['slaptap0', '10.0.77.40']] as const),
      consumption: doing('nodes.consumption'),
    },
    software: {
      supply: doing('software.supply'),
      report: doing('software.report'),
      error: doing('software.error'),
      status: answering('software.status', STATUS),
      releases: answering('software.releases', ['http://sr.example/2', 'http://sr.example/1']),
    },
    instances: {
      request: async (caller, request) => {
        await answering('instances.request', undefined)(caller, request)
        return double.answer
      },
      report: doing('instances.report'),
      error: doing('instances.error'),
      bang: doing('instances.bang'),
      rename: doing('instances.rename'),
      publish: doing('instances.publish'),
      status: answering('instances.status', STATUS),
      get: answering('instances.get', view),
      root: answering('instances.root', view),
      listRoots: answering('instances.listRoots', [view]),
      listOfComputer: answering('instances.listOfComputer', [view]),
      listSlavesOf: answering('instances.listSlavesOf', []),
      listOfTree: answering('instances.listOfTree', [view]),
    },
  }
  return double
}

/** Callers by the text of the header `x-caller`, in place of certificates. */
export function identifyByHeader(request: FastifyRequest): Caller {
  const [kind, reference = ''] = String(request.headers['x-caller'] ?? '').split(' ')
  if (kind === 'person') return { kind, person: reference, via: 'certificate' }
  if (kind === 'computer') return { kind, computer: reference }
  if (kind === 'instance') return { kind, instance: reference }
  throw kind === 'revoked' ? identityErrors.CERTIFICATE_REFUSED() : identityErrors.CERTIFICATE_NEEDED()
}

export interface Listening {
  readonly url: string
  close(): Promise<void>
}

/** A server on loopback with the given surfaces. */
export async function listening(register: (app: FastifyInstance) => Promise<void>): Promise<Listening> {
  const app = Fastify({ forceCloseConnections: true })
  await register(app)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, close: () => app.close() }
}
