import { cpus, freemem, totalmem } from 'node:os'
import type { Clock } from '@slapos/base'
import type { UsageReport } from '@slapos/slap'
import type { ServiceStatus } from '../supervise/supervisor.ts'
import { sampleProcesses, type UsageTotals, usageByPartition } from './usage.ts'

/** Turns running totals into rates: share of a core since the last sample. */
export class UsageMeter {
  readonly #clock: Clock
  #last: { readonly at: number; readonly totals: ReadonlyMap<string, UsageTotals> } | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async sample(services: readonly ServiceStatus[]): Promise<readonly UsageReport[]> {
    const roots = new Map<number, string>()
    for (const { pid, partition } of services) if (pid !== undefined && partition !== '') roots.set(pid, partition)
    const samples = await sampleProcesses()
    const totals = new Map([...usageByPartition(samples, roots), ['', machine(samples.length)]])
    const at = this.#clock.monotonic()
    const last = this.#last
    this.#last = { at, totals }
    if (!last) return []
    const seconds = Math.max(0.001, (at - last.at) / 1000)
    return [...totals].map(([partition, now]) => ({
      partition,
      at: this.#clock.now(),
      // A process that ended takes its total with it: a rate is never below zero.
      cpu: Math.max(0, now.cpuSeconds - (last.totals.get(partition)?.cpuSeconds ?? now.cpuSeconds)) / seconds,
      memoryBytes: now.memoryBytes,
      processes: now.processes,
    }))
  }
}

/** The whole computer, whoever its processes belong to. */
function machine(processes: number): UsageTotals {
  const busy = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0)
  return { cpuSeconds: busy / 1000, memoryBytes: totalmem() - freemem(), processes }
}
