/** Something that may be red. */
export interface Concern {
  readonly kind: 'server' | 'installation' | 'service'
  readonly id: number
  /** Row number of its project. */
  readonly project: number
}

export interface Item {
  readonly concern: Concern
  readonly red: boolean
}

interface Waiting {
  readonly concern: Concern
  /** What people believe: as it was before it turned, or as they were told last. */
  readonly believed: boolean
  due: number
}

export interface NewsTimes {
  /** What turns back within this time was no news, ms. */
  readonly settle: number
  /** Two messages about a thing, that it is red and that it is well again, within so long, ms: what flaps makes no storm. */
  readonly hold: number
}

/** Which turns to red, and from red, people are told of, and when. Moments are monotonic milliseconds. */
export class News {
  readonly #times: NewsTimes
  readonly #waiting = new Map<string, Waiting>()
  /** When the last two messages about a thing were made. */
  readonly #told = new Map<string, readonly number[]>()

  constructor(times: NewsTimes) {
    this.#times = times
  }

  turned(concern: Concern, wasRed: boolean, now: number): void {
    const key = keyOf(concern)
    if (this.#waiting.has(key)) return
    const [first, second] = this.#told.get(key) ?? []
    const free = first === undefined || second === undefined ? 0 : first + this.#times.hold
    const due = Math.max(now + this.#times.settle, free)
    this.#waiting.set(key, { concern, believed: wasRed, due })
  }

  /** What is to be told now, as it is now; each is told once. */
  take(now: number, isRed: (concern: Concern) => boolean): readonly Item[] {
    for (const [key, times] of this.#told) {
      if ((times.at(-1) ?? 0) + this.#times.hold <= now) this.#told.delete(key)
    }
    const items: Item[] = []
    for (const [key, { concern, believed, due }] of this.#waiting) {
      if (due > now) continue
      this.#waiting.delete(key)
      const red = isRed(concern)
      if (red === believed) continue
      this.#told.set(key, [...(this.#told.get(key) ?? []).slice(-1), now])
      items.push({ concern, red })
    }
    return items
  }

  /** It could not be told: it is due again then. */
  again({ concern, red }: Item, due: number): void {
    this.#waiting.set(keyOf(concern), { concern, believed: !red, due })
  }

  get nextDue(): number | undefined {
    const dues = [...this.#waiting.values()].map(({ due }) => due)
    return dues.length === 0 ? undefined : Math.min(...dues)
  }
}

const keyOf = ({ kind, id }: Concern): string => `${kind} ${id}`
