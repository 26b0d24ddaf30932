import type { Clock } from '@slapos/base'

const MINUTE_MS = 60_000

/** How many bytes each node sent in its present minute. */
export class Allowance {
  readonly #now: Clock['now']
  readonly #minutes = new Map<string, { readonly begin: number; used: number }>()

  constructor(now: Clock['now']) {
    this.#now = now
  }

  /** Counts these bytes, unless there would be more than `most` in a minute: answers the wait until they fit, or 0. */
  take(computer: string, bytes: number, most: number): number {
    const now = this.#now()
    const known = this.#minutes.get(computer)
    const age = known === undefined ? MINUTE_MS : now - known.begin
    // A clock that was set back begins another minute.
    const minute = known !== undefined && age >= 0 && age < MINUTE_MS ? known : { begin: now, used: 0 }
    if (minute !== known) this.#minutes.set(computer, minute)
    if (minute.used + bytes > most) return minute.begin + MINUTE_MS - now
    minute.used += bytes
    return 0
  }
}
