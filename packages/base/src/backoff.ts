export interface BackoffOptions {
  /** First delay, milliseconds. */
  readonly first: number
  /** Longest delay, milliseconds. */
  readonly most: number
  /** Growth of the delay at each failure. Default 2. */
  readonly factor?: number
  /** Share of the delay that is random, 0 to 1. Default 0.5: a fleet does not come back in one instant. */
  readonly jitter?: number
  readonly random?: () => number
}

/** The delay before try number `failures` + 1, in milliseconds: exponential, bounded, with jitter. */
export function backoffDelay(failures: number, options: BackoffOptions): number {
  const { first, most, factor = 2, jitter = 0.5, random = Math.random } = options
  if (failures <= 0) return 0
  const full = Math.min(most, first * factor ** (failures - 1))
  return full * (1 - jitter) + full * jitter * random()
}
