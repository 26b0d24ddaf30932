import { type PartitionPlace, readAsPartition } from './as-partition.ts'

const MOST_SECONDS = 60

/** Kilobytes that a partition has on disk, links and other file systems not followed. Throws Error. */
export async function diskUsage(place: PartitionPlace): Promise<number> {
  const output = await readAsPartition(['du', '-skx', '.'], place, { seconds: MOST_SECONDS, bytes: 64 * 1024 })
  const kilobytes = Number.parseInt(output, 10)
  if (!Number.isInteger(kilobytes)) throw new Error('du gave no number')
  return kilobytes
}
