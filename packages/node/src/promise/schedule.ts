import { backoffDelay } from '@slapos/base'

export const DEFAULT_PERIOD_S = 60

/**
 * How long to wait before the next check, milliseconds. A promise that holds is checked once a period. One that fails
 * is checked sooner, less and less so: a repair is seen at once, and a lasting failure costs no more than a success.
 */
export function nextDelay(
  periodS: number | undefined,
  last: { readonly ok: boolean; readonly failures: number } | undefined,
  random: () => number = Math.random,
): number {
  const period = Math.max(1, periodS ?? DEFAULT_PERIOD_S) * 1000
  if (last === undefined) return 0
  // A tenth of spread: a hundred promises that began together do not stay together.
  if (last.ok) return period * (0.9 + 0.1 * random())
  return Math.min(period, backoffDelay(last.failures, { first: 1000, most: period, jitter: 0.2, random }))
}
