import { type ReportedMovement, writeConsumption } from '@slapos/slap'

/** What Masters take in one document. */
const MOST_MOVEMENTS = 5000
const MOST_BYTES = 800_000

/** Movements of partitions as journals, each no larger than Masters take. None: no journal. Pure. */
export function mergeMovements(computerId: string, now: number, movements: readonly ReportedMovement[]): string[] {
  const stopDate = new Date(now).toISOString().slice(0, 19).replace('T', ' at ')
  const parts: ReportedMovement[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const movement of movements) {
    const size = sizeOf(movement)
    const part = parts.at(-1)
    if (part && part.length < MOST_MOVEMENTS && bytes + size <= MOST_BYTES) {
      part.push(movement)
      bytes += size
    } else {
      parts.push([movement])
      bytes = size
    }
  }
  return parts.map((part) =>
    writeConsumption({
      title: 'Resource consumptions',
      startDate: '',
      stopDate,
      reference: computerId,
      arrow: 'Administration',
      movements: part,
    }),
  )
}

/** At most: every character may be written as five. */
const sizeOf = ({ resource, title, reference }: ReportedMovement): number =>
  250 + 5 * (Buffer.byteLength(resource) + Buffer.byteLength(title) + Buffer.byteLength(reference))
