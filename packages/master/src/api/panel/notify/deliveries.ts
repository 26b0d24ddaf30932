import { backoffDelay, type Clock } from '@slapos/base'

/** One try: nothing when it arrived, otherwise what went wrong and whether another try may help. */
export type Attempt<T> = (item: T) => Promise<{ readonly hopeless: boolean } | undefined>

const TRIES = 5
/** 5 s, 20 s, 80 s, 5 min: a receiver that restarts misses nothing. */
const BACKOFF = { first: 5_000, factor: 4, most: 300_000, jitter: 0.2 }
/** For one receiver; the oldest go first. */
const MOST_WAITING = 50

/** Messages on their way: in order for each receiver, tried again for a while. Not kept over a restart. */
export class Deliveries<T> {
  readonly #attempt: Attempt<T>
  readonly #clock: Clock
  readonly #queues = new Map<string, T[]>()
  readonly #working = new Set<Promise<void>>()
  readonly #stop = new AbortController()

  constructor(clock: Clock, attempt: Attempt<T>) {
    this.#clock = clock
    this.#attempt = attempt
  }

  add(receiver: string, item: T): void {
    const queue = this.#queues.get(receiver)
    if (queue) {
      queue.push(item)
      if (queue.length > MOST_WAITING) queue.splice(1, 1)
      return
    }
    const begun = [item]
    this.#queues.set(receiver, begun)
    const work = this.#work(receiver, begun)
    this.#working.add(work)
    void work.finally(() => this.#working.delete(work))
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#working)
  }

  async #work(receiver: string, queue: T[]): Promise<void> {
    for (let item = queue[0]; item !== undefined && !this.#stop.signal.aborted; item = queue[0]) {
      await this.#deliver(item)
      queue.shift()
    }
    this.#queues.delete(receiver)
  }

  async #deliver(item: T): Promise<void> {
    for (let tries = 1; ; tries++) {
      const failed = await this.#attempt(item)
      if (!failed || failed.hopeless || tries === TRIES || this.#stop.signal.aborted) return
      await this.#clock.sleep(backoffDelay(tries, BACKOFF), this.#stop.signal).catch(() => {})
      if (this.#stop.signal.aborted) return
    }
  }
}
