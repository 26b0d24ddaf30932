import type { Clock } from '@slapos/base'

const FREE_FAILURES = 5
const FIRST_WAIT_MS = 2_000
const MOST_WAIT_MS = 15 * 60_000
const FORGET_AFTER_MS = 60 * 60_000
const MOST_KEYS = 10_000

/**
 * Counts failed attempts per key (a log-in name, an address). The first few cost nothing; each one after doubles the
 * wait. Kept in memory and bounded: what is lost with a restart is an attacker's wait, at most once.
 */
export class Attempts {
  readonly #clock: Clock
  readonly #failures = new Map<string, { count: number; until: number; last: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Milliseconds to wait before the next attempt with any of these keys; 0 when it may be made now. */
  waitFor(keys: readonly string[]): number {
    const now = this.#clock.monotonic()
    return Math.max(0, ...keys.map((key) => (this.#failures.get(key)?.until ?? 0) - now))
  }

  failed(keys: readonly string[]): void {
    const now = this.#clock.monotonic()
    for (const key of keys) {
      const known = this.#failures.get(key)
      const count = known && now - known.last < FORGET_AFTER_MS ? known.count + 1 : 1
      const wait = count < FREE_FAILURES ? 0 : Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** (count - FREE_FAILURES))
      this.#failures.delete(key) // to the end: the map is in order of use
      this.#failures.set(key, { count, until: now + wait, last: now })
    }
    for (const key of this.#failures.keys()) {
      if (this.#failures.size <= MOST_KEYS) break
      this.#failures.delete(key)
    }
  }

  succeeded(keys: readonly string[]): void {
    for (const key of keys) this.#failures.delete(key)
  }
}
