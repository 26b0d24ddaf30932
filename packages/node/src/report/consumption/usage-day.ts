/** Averages of one day, in UTC as existing nodes count days. Pure. */
import type { ReportedMovement, ReportedTransaction, UsageReport } from '@slapos/slap'

export interface UsageSums {
  readonly samples: number
  /** Cores. */
  readonly cpu: number
  readonly memoryBytes: number
}

export interface UsageDay {
  /** `YYYY-MM-DD`. */
  readonly day: string
  /** By partition; the whole computer under an empty name. */
  readonly sums: Readonly<Record<string, UsageSums>>
}

export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

const NONE: UsageSums = { samples: 0, cpu: 0, memoryBytes: 0 }

export function addUsage({ day, sums }: UsageDay, reports: readonly UsageReport[]): UsageDay {
  const added = reports.map(({ partition, cpu, memoryBytes }) => {
    const before = sums[partition] ?? NONE
    const after: UsageSums = {
      samples: before.samples + 1,
      cpu: before.cpu + cpu,
      memoryBytes: before.memoryBytes + memoryBytes,
    }
    return [partition, after] as const
  })
  return { day, sums: { ...sums, ...Object.fromEntries(added) } }
}

export interface DayFacts {
  readonly computerId: string
  readonly cores: number
  /** How a partition is named to the Master. */
  readonly nameOf: (partition: string) => string
  /** Kilobytes on disk, by partition, as far as they are known. */
  readonly disk: ReadonlyMap<string, number>
}

/** The report of a day, in the units of existing nodes: the computer's memory in bytes, all else in MB and percent. */
export function dayReport({ day, sums }: UsageDay, facts: DayFacts): ReportedTransaction | undefined {
  const { computerId, cores, nameOf, disk } = facts
  const movements: ReportedMovement[] = []
  const add = (resource: string, title: string, reference: string, quantity: number) =>
    movements.push({ resource: `service_module/${resource}`, title, reference, quantity: rounded(quantity) })
  const whole = sums['']
  if (whole) {
    add('cpu_load_percent', 'CPU Load Percent Average', computerId, (100 * whole.cpu) / whole.samples / cores)
    add('memory_used', 'Used Memory', computerId, Math.round(whole.memoryBytes / whole.samples))
  }
  for (const partition of Object.keys(sums).filter(Boolean).sort()) {
    const { samples, cpu, memoryBytes } = sums[partition] ?? NONE
    const name = nameOf(partition)
    add('cpu_load_percent', `CPU Load Percent Average for ${name}`, name, (100 * cpu) / samples)
    add('memory_used', `Memory Used Average for ${name}`, name, memoryBytes / samples / 2 ** 20)
    const kilobytes = disk.get(partition)
    if (kilobytes !== undefined) {
      add('disk_used', `Partition Disk Used Average for ${name}`, name, kilobytes / 1024)
    }
  }
  if (movements.length === 0) return undefined
  return {
    title: `Eco Information for ${computerId} `,
    startDate: `${day} 00:00:00`,
    stopDate: `${day} 23:59:59`,
    reference: `${day}-global`,
    arrow: 'Destination',
    movements,
  }
}

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4
