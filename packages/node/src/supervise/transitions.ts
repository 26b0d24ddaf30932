import type { ServiceId } from './layout.ts'
import type { ServiceStatus, Transition } from './supervisor.ts'

/** Turns "look at this service" into transitions, by comparing with what was seen last. */
export class TransitionLog {
  readonly #statusOf: (id: ServiceId) => ServiceStatus | undefined
  readonly #seen = new Map<ServiceId, ServiceStatus>()
  readonly #listeners = new Set<(transition: Transition) => void>()

  constructor(statusOf: (id: ServiceId) => ServiceStatus | undefined) {
    this.#statusOf = statusOf
  }

  /** What is there when the watch begins is no transition. */
  prime(ids: readonly ServiceId[]): void {
    for (const id of ids) {
      const status = this.#statusOf(id)
      if (status) this.#seen.set(id, status)
    }
  }

  lookAll(ids: readonly ServiceId[]): void {
    for (const id of ids) this.look(id)
  }

  look(id: ServiceId): void {
    const before = this.#seen.get(id)
    const after = this.#statusOf(id)
    if (before?.state === after?.state && before?.pid === after?.pid && before?.since === after?.since) return
    if (after) this.#seen.set(id, after)
    else this.#seen.delete(id)
    const transition = { before, after, unexpected: isUnexpected(before, after) }
    for (const listener of this.#listeners) listener(transition)
  }

  listen(listener: (transition: Transition) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

function isUnexpected(before: ServiceStatus | undefined, after: ServiceStatus | undefined): boolean {
  if (!after || after.kind === 'one-shot') return false
  // Neither is reached but by an end that nobody asked for, be it of a process too short-lived to be seen.
  if ((after.state === 'BACKOFF' || after.state === 'FATAL') && before?.state !== after.state) return true
  // Its end was not seen, its next life is: the supervise was lost, or both happened within one look.
  return before?.state === 'RUNNING' && after.restarts > before.restarts
}
