/**
 * Sends what changed in small batches: 200 ms after a change, every 15 s when there is none (the heartbeat). What could
 * not be sent is not piled up: the next batch that gets through is a full one.
 */
import type { Clock } from '@slapos/base'
import type {
  BuildReport,
  PartitionReport,
  ProcessReport,
  PromiseReport,
  Telemetry,
  TelemetryAnswer,
  UsageReport,
} from '@slapos/slap'
import type { Outcome } from '../link/outcome.ts'
import { LogBuffer } from './log-buffer.ts'

export interface TelemetrySources {
  readonly processes: () => readonly ProcessReport[]
  readonly promises: () => readonly PromiseReport[]
  readonly partitions: () => readonly PartitionReport[]
  readonly usage: () => Promise<readonly UsageReport[]>
}

export interface TelemetryOptions {
  readonly version: string
  readonly clock: Clock
  readonly sources: TelemetrySources
  readonly send: (batch: Telemetry) => Promise<Outcome<TelemetryAnswer | undefined>>
  /** Sources that somebody reads now, as the Master answers. */
  readonly onFollowed?: (sources: readonly string[]) => void
  readonly flushMs?: number
  readonly heartbeatMs?: number
}

interface Sent {
  readonly processes: ReadonlyMap<string, string>
  readonly promises: ReadonlyMap<string, string>
}

/** A little less than the heartbeat: each heartbeat measures, the batches between do not. */
const USAGE_MS = 14_000
const FLUSH_MS = 200
/** Changes come in flocks; the first of one waits so long for the others. */
const SOON_MS = 30

export class TelemetrySender {
  readonly #options: TelemetryOptions
  readonly #builds = new Map<string, BuildReport>()
  readonly #logs = new LogBuffer()
  #sent: Sent | undefined
  #timer: NodeJS.Timeout | undefined
  #due = Number.POSITIVE_INFINITY
  #sending = false
  #again = false
  #flushed = Number.NEGATIVE_INFINITY
  #closed = false
  #usageDue = Number.NEGATIVE_INFINITY

  constructor(options: TelemetryOptions) {
    this.#options = options
  }

  start(): void {
    this.#schedule(0)
  }

  /** Something changed: told at once, and what comes right after it together. */
  touch(): void {
    const { clock, flushMs = FLUSH_MS } = this.#options
    const quiet = clock.monotonic() - this.#flushed >= flushMs
    this.#schedule(quiet ? Math.min(SOON_MS, flushMs) : flushMs)
  }

  build(report: BuildReport): void {
    this.#builds.set(report.url, report)
    this.touch()
  }

  /** Kept as a short tail, sent as it comes while somebody reads, or at once when `urgent` (a failure). */
  log(source: string, lines: readonly string[], urgent = false): void {
    if (this.#logs.add(source, lines, urgent)) this.touch()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  #schedule(ms: number): void {
    if (this.#closed) return
    const due = this.#options.clock.monotonic() + ms
    if (this.#timer && this.#due <= due) return
    clearTimeout(this.#timer)
    this.#due = due
    this.#timer = setTimeout(() => void this.#flush(), ms)
  }

  async #flush(): Promise<void> {
    this.#timer = undefined
    if (this.#closed) return
    if (this.#sending) {
      this.#again = true
      return
    }
    this.#sending = true
    this.#flushed = this.#options.clock.monotonic()
    try {
      const { batch, sent } = await this.#compose()
      const builds = [...this.#builds]
      const outcome = await this.#options.send(batch)
      if (outcome.kind !== 'ok') {
        this.#sent = undefined
        this.#logs.restore(batch.logs)
      } else {
        this.#sent = outcome.value?.wantFull ? undefined : sent
        const read = outcome.value ? this.#logs.follow(outcome.value.followed) : false
        if (outcome.value) this.#options.onFollowed?.(outcome.value.followed)
        for (const [url, report] of builds) if (this.#builds.get(url) === report) this.#builds.delete(url)
        if (read || outcome.value?.wantFull) this.touch()
      }
    } finally {
      this.#sending = false
      // What changed while a batch was on its way does not wait for the heartbeat: the way may be long.
      this.#schedule(this.#again ? 0 : (this.#options.heartbeatMs ?? 15_000))
      this.#again = false
    }
  }

  async #compose(): Promise<{ batch: Telemetry; sent: Sent }> {
    const { sources, clock, version } = this.#options
    const [processes, promises] = [sources.processes(), sources.promises()]
    const now: Sent = { processes: fingerprints(processes), promises: fingerprints(promises) }
    const before = this.#sent
    const changed = <T extends Named>(items: readonly T[], list: keyof Sent) =>
      items.filter((item) => before?.[list].get(keyOf(item)) !== now[list].get(keyOf(item)))
    const gone = (list: keyof Sent) =>
      [...(before?.[list].keys() ?? [])].filter((key) => !now[list].has(key)).map(parseKey)
    const at = clock.monotonic()
    const measure = at >= this.#usageDue
    if (measure) this.#usageDue = at + USAGE_MS
    const usage = measure ? await sources.usage() : []
    const batch: Telemetry = {
      format: 1,
      now: clock.now(),
      agentVersion: version,
      full: before === undefined,
      processes: changed(processes, 'processes'),
      removedProcesses: gone('processes'),
      promises: changed(promises, 'promises'),
      removedPromises: gone('promises'),
      builds: [...this.#builds.values()],
      partitions: sources.partitions(),
      logs: this.#logs.take(),
      usage,
    }
    return { batch, sent: now }
  }
}

interface Named {
  readonly partition: string
  readonly name: string
}

const keyOf = ({ partition, name }: Named) => `${partition}\n${name}`
const parseKey = (key: string): Named => {
  const [partition = '', name = ''] = key.split('\n')
  return { partition, name }
}
const fingerprints = (items: readonly Named[]) => new Map(items.map((item) => [keyOf(item), JSON.stringify(item)]))
