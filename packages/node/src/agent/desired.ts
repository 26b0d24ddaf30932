/** What the Master wants of this node, merged from full answers and deltas, and kept on disk for the time without it. */
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { readVersioned, writeVersioned } from '@slapos/base'
import type { DesiredOccupant, DesiredState, Position, ReleaseState } from '@slapos/slap'

export interface Desired {
  readonly position: Position | undefined
  /** Every formatted partition that the Master knows; null: free. */
  readonly partitions: Readonly<Record<string, DesiredOccupant | null>>
  readonly installations: Readonly<Record<string, ReleaseState>>
}

export const NOTHING_DESIRED: Desired = Object.freeze({ position: undefined, partitions: {}, installations: {} })
const FORMAT = 1

/** Pure. */
export function mergeDesired(before: Desired, answer: DesiredState): Desired {
  const changed = Object.fromEntries(answer.partitions.map(({ partitionId, occupant }) => [partitionId, occupant]))
  const urls = Object.fromEntries(answer.installations.map(({ url, state }) => [url, state]))
  if (answer.full) return { position: answer.position, partitions: changed, installations: urls }
  const without = <T>(entries: Readonly<Record<string, T>>, gone: readonly string[]) =>
    Object.fromEntries(Object.entries(entries).filter(([key]) => !gone.includes(key)))
  return {
    position: answer.position,
    partitions: { ...without(before.partitions, answer.removedPartitions), ...changed },
    installations: { ...without(before.installations, answer.removedInstallations), ...urls },
  }
}

export const epochOf = (position: Position | undefined): string | undefined =>
  position?.slice(0, position.lastIndexOf(':'))

export async function loadDesired(path: string): Promise<Desired> {
  const found = await readVersioned(path, FORMAT)
  if (!found) return NOTHING_DESIRED
  const { format: _, ...fields } = found
  return { ...NOTHING_DESIRED, ...fields }
}

export async function saveDesired(path: string, desired: Desired): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeVersioned(path, FORMAT, { ...desired }, { mode: 0o600 })
}
