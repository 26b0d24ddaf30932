import type { DesiredOccupant, DesiredState } from '@slapos/slap'
import { masterErrors } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import type { Domain } from '../domain.ts'
import { numberIn, positionOf } from '../position.ts'
import { actorOf } from '../rights/actor.ts'
import { authorize } from '../rights/rights.ts'
import { computerSubject, findComputer } from '../rows.ts'
import { installationsOf } from './documents.ts'
import { type Occupied, occupiedPartitions } from './occupants.ts'

/** What a node of ours should make so: only what changed since the position that it knows. */
export function desiredCase(domain: Domain): Pick<Cloud['nodes'], 'desired'> {
  const { store, publisher } = domain
  return {
    async desired(caller, since) {
      if (caller.kind !== 'computer') {
        throw masterErrors.NOT_ALLOWED({ action: 'nodes.desired', what: 'a node', who: 'node' })
      }
      const row = await findComputer(store.read, caller.computer)
      authorize(await actorOf(store.read, caller), 'nodes.desired', await computerSubject(store.read, row))
      const current = publisher.revision(caller.computer)
      const position = positionOf(domain.epoch(), current)
      const after = numberIn(domain.epoch(), since)
      // A position ahead of ours was given by a history that was lost.
      if (after === undefined || after > current) return full(row.id, position)
      if (after === current) return nothing(position)
      return changed(row.id, position, after)
    },
  }

  async function full(computerId: number, position: DesiredState['position']): Promise<DesiredState> {
    const occupied = await occupiedPartitions(store.read, computerId)
    return {
      ...nothing(position),
      full: true,
      partitions: occupied.map(partitionOf),
      installations: await installationsOf(store.read, computerId),
    }
  }

  async function changed(
    computerId: number,
    position: DesiredState['position'],
    touchedAfter: number,
  ): Promise<DesiredState> {
    const occupied = await occupiedPartitions(store.read, computerId, { touchedAfter })
    const installations = await store.read
      .selectFrom('installation')
      .select(['url', 'state', 'live'])
      .where('computer_id', '=', computerId)
      .where('revision', '>', touchedAfter)
      .orderBy('id')
      .execute()
    const living = installations.filter(({ live }) => live === 1)
    return {
      ...nothing(position),
      partitions: occupied.filter(({ partition }) => partition.listed === 1).map(partitionOf),
      removedPartitions: occupied.flatMap(({ partition }) => (partition.listed === 1 ? [] : [partition.reference])),
      installations: living.map(({ url, state }) => ({ url, state })),
      removedInstallations: [
        ...new Set(
          installations
            .filter(({ live, url }) => live === 0 && !living.some((other) => other.url === url))
            .map((i) => i.url),
        ),
      ],
    }
  }
}

const nothing = (position: DesiredState['position']): DesiredState => ({
  format: 1,
  position,
  full: false,
  partitions: [],
  removedPartitions: [],
  installations: [],
  removedInstallations: [],
})

function partitionOf({ partition, occupant }: Occupied) {
  if (!occupant) return { partitionId: partition.reference, occupant: null }
  const desired: DesiredOccupant = {
    ...occupant,
    accessStatus: occupant.accessStatus ?? null,
    ownRevision: String(partition.own_revision),
    slavesRevision: String(partition.slaves_revision),
  }
  return { partitionId: partition.reference, occupant: desired }
}
