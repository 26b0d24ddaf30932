/** The classic document as desired state: what our Master counts in revisions is found here by comparing. */
import type {
  ComputerDocument,
  DesiredOccupant,
  DesiredPartition,
  DesiredState,
  OccupantDocument,
  PartitionDocument,
} from '@slapos/slap'
import { contentHash } from '../instance/hash.ts'

/** What was derived from the last document, by partition. */
export type ClassicMemory = ReadonlyMap<string, ClassicEntry>

interface ClassicEntry {
  readonly own: string
  readonly slaves: string
  readonly timestamp: string
  readonly ownRevision: string
}

/** A classic document is always whole. */
export const CLASSIC_POSITION = 'classic:0'

/** Pure. */
export function fromComputerDocument(
  document: ComputerDocument,
  memory: ClassicMemory,
): { readonly desired: DesiredState; readonly memory: ClassicMemory } {
  const next = new Map<string, ClassicEntry>()
  const partitions = document.partitions.map((partition): DesiredPartition => {
    const { partitionId, occupant } = partition
    if (!occupant) return { partitionId, occupant: null }
    const entry = classicEntry(occupant, memory.get(partitionId))
    next.set(partitionId, entry)
    return { partitionId, occupant: toOccupant(partition, occupant, entry) }
  })
  const desired: DesiredState = {
    format: 1,
    position: CLASSIC_POSITION,
    full: true,
    partitions,
    removedPartitions: [],
    installations: document.installations,
    removedInstallations: [],
  }
  return { desired, memory: next }
}

/**
 * The timestamp moves with everything, slaves included. When it moved, the slaves differ, and nothing else does, then
 * only slaves changed; in every other case (a bang shows in the timestamp alone) the instance itself is concerned.
 */
function classicEntry(occupant: OccupantDocument, before: ClassicEntry | undefined): ClassicEntry {
  const { slaves, timestamp, accessStatus: _, connection: __, ...rest } = occupant
  const own = contentHash(rest)
  const slavesHash = slaves.length === 0 ? '0' : contentHash(slaves.map(({ connection: ___, ...slave }) => slave))
  const onlySlaves = before !== undefined && before.own === own && before.slaves !== slavesHash
  return {
    own,
    slaves: slavesHash,
    timestamp,
    ownRevision: onlySlaves ? before.ownRevision : `${own} ${timestamp}`,
  }
}

function toOccupant(partition: PartitionDocument, occupant: OccupantDocument, entry: ClassicEntry): DesiredOccupant {
  const { slaves: _, accessStatus, ...fields } = occupant
  return {
    ...fields,
    // Some Masters give free text or nothing here: the place is then as good an identity as there is.
    instanceGuid: occupant.instanceGuid || `${partition.computerId}-${partition.partitionId}`,
    accessStatus: accessStatus ?? null,
    ownRevision: entry.ownRevision,
    slavesRevision: entry.slaves,
  }
}
