/**
 * The last turn of every promise, on disk: another agent goes on with it, and `since` says since when a promise holds or
 * fails, not since when the agent lives.
 */
import { type Logger, messageOf, readVersioned, writeVersioned } from '@slapos/base'
import type { PromiseReport } from '@slapos/slap'

const FORMAT = 1

type Subject = Pick<PromiseReport, 'partition' | 'name'>

export class KnownResults {
  readonly #path: string
  readonly #logger: Logger
  readonly #reports = new Map<string, PromiseReport>()
  #writing: Promise<void> | undefined
  #dirty = false

  constructor(path: string, logger: Logger) {
    this.#path = path
    this.#logger = logger
  }

  /** A file that cannot be read is as good as none. */
  async load(): Promise<readonly PromiseReport[]> {
    try {
      const { reports } = (await readVersioned(this.#path, FORMAT)) ?? {}
      for (const report of Array.isArray(reports) ? reports : []) this.#reports.set(keyOf(report), report)
    } catch (error) {
      this.#logger.warning(messageOf(error))
    }
    return [...this.#reports.values()]
  }

  /** Only a turn is written down: a message that changes at each check costs no write. */
  remember(report: PromiseReport): void {
    const before = this.#reports.get(keyOf(report))
    if (before?.ok === report.ok && before.since === report.since) return
    this.#reports.set(keyOf(report), report)
    this.#save()
  }

  forget(gone: Subject): void {
    if (this.#reports.delete(keyOf(gone))) this.#save()
  }

  /** Answers when everything is on disk. */
  async close(): Promise<void> {
    await this.#writing
  }

  #save(): void {
    this.#dirty = true
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined
    })
  }

  async #write(): Promise<void> {
    while (this.#dirty) {
      this.#dirty = false
      const reports = [...this.#reports.values()]
      await writeVersioned(this.#path, FORMAT, { reports }, { mode: 0o600 }).catch((error) =>
        this.#logger.warning(`cannot write ${this.#path}: ${messageOf(error)}`),
      )
    }
  }
}

const keyOf = ({ partition, name }: Subject) => `${partition}:${name}`
