/**
 * Runs passes: at most one per partition at a time, at most `width` in all. A partition asked for while it is being
 * processed is processed once more afterwards, however often it was asked.
 */
export class PassQueue {
  readonly #width: number
  readonly #work: (key: string) => Promise<void>
  readonly #waiting = new Set<string>()
  readonly #running = new Set<string>()
  readonly #idle: (() => void)[] = []
  #closed = false

  constructor(width: number, work: (key: string) => Promise<void>) {
    this.#width = width
    this.#work = work
  }

  add(key: string): void {
    if (this.#closed) return
    this.#waiting.add(key)
    this.#pump()
  }

  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void> {
    if (this.#running.size === 0 && this.#waiting.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  /** Takes no more work and waits for what runs. */
  close(): Promise<void> {
    this.#closed = true
    this.#waiting.clear()
    return this.idle()
  }

  #pump(): void {
    for (const key of this.#waiting) {
      if (this.#running.size >= this.#width) return
      if (this.#running.has(key)) continue
      this.#waiting.delete(key)
      this.#running.add(key)
      void this.#work(key)
        .catch(() => {}) // the work reports its own failures; the queue must live
        .finally(() => {
          this.#running.delete(key)
          this.#pump()
          if (this.#running.size === 0 && this.#waiting.size === 0) for (const done of this.#idle.splice(0)) done()
        })
    }
  }
}
