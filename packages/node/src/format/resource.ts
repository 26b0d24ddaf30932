import type { FormattedPartition } from '@slapos/slap'

/** Text of `.slapos-resource`: JSON with sorted keys, four spaces, no final newline, as instances read it. */
export function resourceText(partition: FormattedPartition): string {
  return JSON.stringify(sorted(partition), null, 4)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [key, sorted(item)] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}
