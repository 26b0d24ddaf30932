import type { Clock } from '@slapos/base'
import type { Transition } from '../supervise/supervisor.ts'
import type { PromiseMonitor } from './monitor.ts'

/** A restart is over by then, and is no news. */
const SETTLE_MS = 700
/** What flaps is not looked at more often. */
const GAP_MS = 5_000

/**
 * Has the promises of a partition checked when one of its processes ends, or comes up while a promise fails: what
 * they say follows what happens, not their pace.
 */
export class Recheck {
  readonly #monitor: Pick<PromiseMonitor, 'checkNow' | 'results'>
  readonly #clock: Clock
  readonly #due = new Set<string>()
  readonly #checked = new Map<string, number>()
  readonly #stop = new AbortController()

  constructor(monitor: Pick<PromiseMonitor, 'checkNow' | 'results'>, clock: Clock) {
    this.#monitor = monitor
    this.#clock = clock
  }

  moved({ before, after }: Pick<Transition, 'before' | 'after'>): void {
    const up = after?.state === 'RUNNING'
    const partition = (after ?? before)?.partition ?? ''
    if (partition === '' || up === (before?.state === 'RUNNING') || this.#due.has(partition)) return
    if (up && this.#monitor.results(partition).every(({ ok }) => ok)) return
    this.#due.add(partition)
    const free = (this.#checked.get(partition) ?? Number.NEGATIVE_INFINITY) + GAP_MS - this.#clock.monotonic()
    this.#clock.sleep(Math.max(SETTLE_MS, free), this.#stop.signal).then(
      () => this.#check(partition),
      () => {}, // closed
    )
  }

  close(): void {
    this.#stop.abort()
  }

  async #check(partition: string): Promise<void> {
    this.#due.delete(partition)
    this.#checked.set(partition, this.#clock.monotonic())
    await this.#monitor.checkNow(partition)
    if (this.#monitor.results(partition).length === 0) this.#checked.delete(partition)
  }
}
