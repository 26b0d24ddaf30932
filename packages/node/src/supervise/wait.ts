import type { Clock } from '@slapos/base'

/** Polls a cheap condition until it holds or the time is over; answers whether it holds. */
export async function waitUntil(
  condition: () => boolean,
  timeoutMs: number,
  clock: Clock,
  signal?: AbortSignal,
): Promise<boolean> {
  const end = clock.monotonic() + timeoutMs
  let pause = 2
  while (!condition()) {
    if (clock.monotonic() >= end) return condition()
    await clock.sleep(pause, signal)
    pause = Math.min(50, pause * 2)
  }
  return true
}
