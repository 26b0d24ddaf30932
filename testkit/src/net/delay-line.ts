/** What a relay does to data. */
export interface Impairment {
  /** Milliseconds added in each direction. */
  readonly latencyMs: number
  /** Up to this many milliseconds more, at random. */
  readonly jitterMs: number
  /** Share of datagrams lost, percent; streams lose nothing. */
  readonly lossPercent: number
}

export interface Conditions {
  current(): Impairment & { readonly stalled: boolean }
  /** Called when a stall ends. */
  onResume(listener: () => void): () => void
}

export interface DelayLine {
  pass(deliver: () => void): void
  close(): void
}

/**
 * Delays deliveries. `ordered` (streams): never before an earlier one, and a stall keeps them; otherwise (datagrams)
 * they may overtake each other, and a stall loses them.
 */
export function delayLine(
  conditions: Conditions,
  random: () => number,
  { ordered }: { readonly ordered: boolean },
): DelayLine {
  const timers = new Set<NodeJS.Timeout>()
  const kept: (() => void)[] = []
  let free = 0

  const send = (deliver: () => void) => {
    if (!conditions.current().stalled) deliver()
    else if (ordered) kept.push(deliver)
  }
  const stop = conditions.onResume(() => {
    for (const deliver of kept.splice(0)) deliver()
  })
  return {
    pass(deliver) {
      const { latencyMs, jitterMs, lossPercent } = conditions.current()
      if (!ordered && random() * 100 < lossPercent) return
      const now = performance.now()
      const due = Math.max(now + latencyMs + jitterMs * random(), ordered ? free : 0)
      free = due
      const timer = setTimeout(() => {
        timers.delete(timer)
        send(deliver)
      }, due - now)
      timers.add(timer)
    },
    close() {
      stop()
      for (const timer of timers) clearTimeout(timer)
      kept.length = 0
    },
  }
}
