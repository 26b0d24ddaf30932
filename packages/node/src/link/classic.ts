import {
  type ComputerDocument,
  type InstanceRequest,
  masterFailure,
  type SlapClient,
  type SlavePublication,
} from '@slapos/slap'
import { attempt, attemptOptional } from './attempt.ts'
import { CLASSIC_POSITION, type ClassicMemory, fromComputerDocument } from './classic-desired.ts'
import type { ChildAnswer, MasterLink } from './link.ts'
import { type Outcome, ok } from './outcome.ts'

export interface LinkOptions {
  readonly computerId: string
  readonly client: SlapClient
  /**
   * Makes a client that speaks in an instance's name, for Masters that want its own certificate. Absent: the node
   * speaks for its instances itself (our Master, and Masters without certificates).
   */
  readonly clientOf?: (certificate: string, key: string) => SlapClient
}

/** The plain slap API: any Master, `slapos proxy` included. */
export function createClassicLink({ computerId, client, clientOf }: LinkOptions): MasterLink {
  let memory: ClassicMemory = new Map()
  let last: ComputerDocument | undefined
  const at = (partitionId: string) => ({ computerId, partitionId })
  const instanceClients = new Map<string, SlapClient>()

  const inNameOf = async (partition: string): Promise<SlapClient> => {
    if (!clientOf) return client
    const known = instanceClients.get(partition)
    if (known) return known
    const { certificate, key } = await client.partitionCertificate(at(partition))
    const made = certificate === '' || key === '' ? client : clientOf(certificate, key)
    instanceClients.set(partition, made)
    return made
  }
  /** An instance that took the place of another has another certificate: on refusal it is fetched anew, once. */
  const asInstance = async <T>(partition: string, call: (client: SlapClient) => Promise<T>): Promise<Outcome<T>> => {
    const outcome = await attempt(async () => call(await inNameOf(partition)))
    if (outcome.kind !== 'refused' || !instanceClients.has(partition)) return outcome
    const old = instanceClients.get(partition)
    instanceClients.delete(partition)
    if (old !== client) old?.close()
    return attempt(async () => call(await inNameOf(partition)))
  }

  return {
    kind: 'classic',
    url: client.url,
    desired: () =>
      attempt(async () => {
        const document = await client.computer(computerId)
        if (document === last) return undefined
        last = document
        const { desired, memory: next } = fromComputerDocument(document, memory)
        memory = next
        return desired
      }),
    slaves: async (partition) => {
      const found = last?.partitions.find(({ partitionId }) => partitionId === partition)
      const changed = found?.occupant?.slaves ?? []
      return ok({ format: 1, position: CLASSIC_POSITION, full: true, changed, removed: [] })
    },
    events: () => undefined,
    telemetry: async () => ok(undefined),

    format: (computer) => attempt(() => client.format(computer)),
    software: (url, event) => attemptOptional(() => client.reportRelease(computerId, url, event)),
    softwareError: (url, log) => attempt(() => client.releaseError(computerId, url, log)),
    request: (partition, request) => asInstance(partition, (as) => requestChild(as, computerId, partition, request)),
    publish: (partition, connection) => asInstance(partition, (as) => as.publish(at(partition), connection)),
    publishSlaves: async (partition, publication) => {
      for (const [slave, connection] of Object.entries(publication.connections)) {
        const outcome = await asInstance(partition, (as) => as.publish(at(partition), connection, slave))
        if (outcome.kind !== 'ok' && !(outcome.kind === 'failed' && outcome.missing)) return outcome
      }
      return reportSlaveErrors(publication, (slave, message) =>
        attempt(() => client.instanceError(at(partition), message, slave)),
      )
    },
    report: (partition, state) => attemptOptional(() => client.reportInstance(at(partition), state)),
    error: (partition, message) => attempt(() => client.instanceError(at(partition), message)),
    bangInstance: (partition, message) => asInstance(partition, (as) => as.instanceBang(at(partition), message)),
    bang: (message) => attempt(() => client.computerBang(computerId, message)),
    consumption: (tioxml) => attempt(() => client.consumption(computerId, tioxml)),
    close() {
      for (const other of instanceClients.values()) other.close()
      client.close()
    },
  }
}

export async function requestChild(
  client: SlapClient,
  computerId: string,
  partitionId: string,
  request: Omit<InstanceRequest, 'requester'>,
): Promise<ChildAnswer> {
  try {
    const { connection } = await client.request({ ...request, requester: { computerId, partitionId } })
    return { kind: 'allocated', connection }
  } catch (error) {
    // Not ready: it waits for a partition, or it is destroyed; both are answers.
    if (masterFailure(error) === 'not-ready') return { kind: 'waiting' }
    throw error
  }
}

async function reportSlaveErrors(
  { errors = {} }: Omit<SlavePublication, 'format'>,
  report: (slave: string, message: string) => Promise<Outcome<void>>,
): Promise<Outcome<void>> {
  for (const [slave, message] of Object.entries(errors)) {
    if (message === '') continue // the classic wire clears an error by the next good report only
    const outcome = await report(slave, message)
    if (outcome.kind !== 'ok' && !(outcome.kind === 'failed' && outcome.missing)) return outcome
  }
  return ok(undefined)
}
