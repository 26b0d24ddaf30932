import type { Logger } from '@slapos/base'

/** Runs passes one at a time: soon after a poke, and regularly as a safety net. Pokes during a pass make one more. */
export class Reconciler {
  readonly #pass: () => Promise<void>
  readonly #logger: Logger
  readonly #timer: NodeJS.Timeout
  #running: Promise<void> | undefined
  #again = false
  #closed = false

  constructor(pass: () => Promise<void>, safetyMs: number, logger: Logger) {
    this.#pass = pass
    this.#logger = logger
    this.#timer = setInterval(() => this.poke(), safetyMs).unref()
  }

  poke(): void {
    void this.run()
  }

  /** Resolves when a pass that began after this call has ended. */
  run(): Promise<void> {
    if (this.#closed) return Promise.resolve()
    this.#again = true
    this.#running ??= this.#loop()
    return this.#running
  }

  async #loop(): Promise<void> {
    // A turn later: the commit that poked is told first.
    await Promise.resolve()
    while (this.#again && !this.#closed) {
      this.#again = false
      try {
        await this.#pass()
      } catch (error) {
        this.#logger.error(`reconciliation failed and is tried again: ${String(error)}`)
      }
    }
    // In the same turn as the last look at `#again`: no poke falls between.
    this.#running = undefined
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    await this.#running
  }
}
