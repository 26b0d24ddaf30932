import { type Clock, systemClock } from '@slapos/base'
import type { ClientSession } from './session.ts'

export interface WaitOptions {
  readonly timeoutMs: number
  readonly clock?: Clock
  /** Looks again after that long even when no event came: the stream may be down. */
  readonly safetyMs?: number
}

/**
 * Looks, then looks again each time the Master says that something changed. Undefined when time is over.
 */
export async function waitUntil<T>(
  session: ClientSession,
  look: () => Promise<T | undefined>,
  { timeoutMs, clock = systemClock, safetyMs = 2_000 }: WaitOptions,
): Promise<T | undefined> {
  const ending = new AbortController()
  let wake = () => {}
  const listening = listen(session, ending.signal, () => wake(), clock)
  try {
    const deadline = clock.monotonic() + timeoutMs
    for (;;) {
      const changed = new Promise<void>((resolve) => {
        wake = resolve
      })
      const found = await look()
      if (found !== undefined) return found
      const left = deadline - clock.monotonic()
      if (left <= 0) return undefined
      const pause = new AbortController()
      await Promise.race([changed, clock.sleep(Math.min(left, safetyMs), pause.signal).catch(() => {})])
      pause.abort()
    }
  } finally {
    ending.abort()
    await listening
  }
}

async function listen(session: ClientSession, signal: AbortSignal, wake: () => void, clock: Clock): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const _piece of session.changes(signal)) wake()
    } catch {
      await clock.sleep(500, signal).catch(() => {})
    }
  }
}
