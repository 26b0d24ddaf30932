import type { Logger } from '@slapos/base'
import type { Change } from '../cloud.ts'
import { referenceOf } from '../references.ts'

/** Tells committed changes, and keeps each computer's document revision in memory. */
export class Publisher {
  readonly #listeners = new Set<(change: Change) => void>()
  readonly #revisions = new Map<string, number>()
  readonly #logger: Logger

  constructor(logger: Logger) {
    this.#logger = logger
  }

  load(computers: readonly { readonly reference: string; readonly revision: number }[]): void {
    for (const { reference, revision } of computers) this.#revisions.set(reference, revision)
  }

  revision(computer: string): number {
    return this.#revisions.get(computer) ?? 0
  }

  publish(changes: readonly Change[], touched: readonly number[], revision: number): void {
    for (const id of touched) {
      const computer = referenceOf('computer', id)
      this.#revisions.set(computer, Math.max(this.revision(computer), revision))
    }
    for (const change of changes) {
      for (const listener of this.#listeners) {
        try {
          listener(change)
        } catch (error) {
          this.#logger.error(`a listener of changes failed: ${String(error)}`)
        }
      }
    }
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}
