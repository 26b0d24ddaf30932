import type { Conditions, Impairment } from './delay-line.ts'

export interface ConditionControls {
  set(impairment: Partial<Impairment>): void
  stall(): void
  resume(): void
}

/** The state that a relay's delay lines look at, and the handles by which a test changes it. */
export function conditions(first: Partial<Impairment>): Conditions & { readonly controls: ConditionControls } {
  let current = { latencyMs: 0, jitterMs: 0, lossPercent: 0, ...first, stalled: false }
  const listeners = new Set<() => void>()
  return {
    current: () => current,
    onResume(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    controls: {
      set(impairment) {
        current = { ...current, ...impairment }
      },
      stall() {
        current = { ...current, stalled: true }
      },
      resume() {
        current = { ...current, stalled: false }
        for (const listener of listeners) listener()
      },
    },
  }
}
