import type { ComputerDocument, InstallationDocument, PartitionDocument } from '@slapos/slap'
import { masterErrors } from '../../errors.ts'
import { fixed, type Reader } from '../../store/index.ts'
import type { Caller, Cloud, Revisioned } from '../cloud.ts'
import type { Domain } from '../domain.ts'
import { positionOf } from '../position.ts'
import { actorOf } from '../rights/actor.ts'
import { authorize } from '../rights/rights.ts'
import { computerSubject, findComputer, findPartition, occupantOf } from '../rows.ts'
import { type Occupied, occupiedPartitions, servedSlaves } from './occupants.ts'

/** Documents kept between two changes; the least recently used go first. */
const KEPT = 200

/** The classic documents: whole computer, one partition. */
export function documentCases(domain: Domain): Pick<Cloud['nodes'], 'document' | 'partition' | 'revision'> {
  const { store, publisher } = domain
  const kept = new Map<string, Revisioned<ComputerDocument>>()

  async function whole(computer: string, id: number): Promise<Revisioned<ComputerDocument>> {
    // Taken before reading: a change in between makes the document newer than it says, never older.
    const position = positionOf(domain.epoch(), publisher.revision(computer))
    const before = kept.get(computer)
    kept.delete(computer)
    const document = before?.position === position ? before : { position, value: await build(store.read, computer, id) }
    kept.set(computer, document)
    const [oldest] = kept.keys()
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
    return document
  }

  /** An instance sees its own partition and no software list. */
  async function ownPart(caller: Extract<Caller, { kind: 'instance' }>, computer: string, id: number) {
    const actor = await actorOf(store.read, caller)
    const place = actor.kind === 'instance' ? actor.partitionId : null
    const row =
      place === null
        ? undefined
        : await store.read
            .selectFrom('partition')
            .select('reference')
            .where('id', '=', place)
            .where('computer_id', '=', id)
            .executeTakeFirst()
    if (!row) throw masterErrors.NOT_FOUND({ what: computer })
    const position = positionOf(domain.epoch(), publisher.revision(computer))
    const partitions = await partitionDocuments(store.read, computer, id, row.reference)
    return { position, value: { computerId: computer, partitions, installations: [] } }
  }

  return {
    revision: (computer) => publisher.revision(computer),

    async document(caller, computer) {
      const row = await findComputer(store.read, computer)
      if (caller.kind === 'instance') return ownPart(caller, computer, row.id)
      authorize(await actorOf(store.read, caller), 'nodes.document', await computerSubject(store.read, row))
      return whole(computer, row.id)
    },

    async partition(caller, computer, partition) {
      const row = await findComputer(store.read, computer)
      const place = await findPartition(store.read, computer, partition)
      const occupant = await occupantOf(store.read, place.id)
      authorize(await actorOf(store.read, caller), 'nodes.partition', {
        ...(await computerSubject(store.read, row)),
        ...(occupant ? { instanceId: occupant.id } : {}),
      })
      const position = positionOf(domain.epoch(), publisher.revision(computer))
      const [value] = await partitionDocuments(store.read, computer, row.id, partition)
      if (!value) throw masterErrors.NOT_FOUND({ what: `${computer}/${partition}` })
      return { position, value }
    },
  }
}

async function build(read: Reader, computer: string, id: number): Promise<ComputerDocument> {
  return {
    computerId: computer,
    partitions: await partitionDocuments(read, computer, id),
    installations: await installationsOf(read, id),
  }
}

export async function installationsOf(read: Reader, computerId: number): Promise<readonly InstallationDocument[]> {
  const rows = await read
    .selectFrom('installation')
    .select(['url', 'state'])
    .where('computer_id', '=', computerId)
    .where('live', '=', fixed(1))
    .orderBy('id')
    .execute()
  return rows.map(({ url, state }) => ({ url, state }))
}

async function partitionDocuments(
  read: Reader,
  computer: string,
  id: number,
  reference?: string,
): Promise<readonly PartitionDocument[]> {
  const occupied = await occupiedPartitions(read, id, reference === undefined ? {} : { reference })
  const busy = occupied.flatMap(({ partition, occupant }) => (occupant ? [partition.id] : []))
  const slaves = await servedSlaves(read, busy)
  return occupied.map(({ partition, occupant }: Occupied) => ({
    computerId: computer,
    partitionId: partition.reference,
    occupant: occupant && { ...occupant, slaves: slaves.get(partition.id) ?? [] },
  }))
}
