import type { UsageDay, UsageSums } from './usage-day.ts'

/** What another agent kept; undefined: nothing of use. Pure. */
export function readUsageDay(found: Readonly<Record<string, unknown>> | undefined): UsageDay | undefined {
  const { day, sums } = found ?? {}
  if (typeof day !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(day) || !isRecord(sums)) return undefined
  const entries = Object.entries(sums).flatMap(([partition, value]): [string, UsageSums][] => {
    if (!isRecord(value)) return []
    const { samples, cpu, memoryBytes } = value
    if (typeof samples !== 'number' || typeof cpu !== 'number' || typeof memoryBytes !== 'number') return []
    return samples > 0 ? [[partition, { samples, cpu, memoryBytes }]] : []
  })
  return { day, sums: Object.fromEntries(entries) }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
