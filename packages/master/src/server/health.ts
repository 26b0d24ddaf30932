import { messageOf } from '@slapos/base'

/** `failing`: something that people ask of the Master does not work. `warning`: it soon will not, or less is offered. */
export type HealthState = 'ok' | 'warning' | 'failing'

export interface Finding {
  readonly name: string
  readonly state: HealthState
  /** What was seen, in one line. */
  readonly what: string
  /** What the administrator can do; empty when all is well. */
  readonly next: string
}

export type HealthCheck = () => Promise<Omit<Finding, 'name'>> | Omit<Finding, 'name'>

export interface Health {
  add(name: string, check: HealthCheck): void
  /** Looks now, in the order in which checks were added. Never fails: a check that does is a finding. */
  look(): Promise<readonly Finding[]>
}

const LONGEST_MS = 3_000

/** What every part of the Master knows about its own condition. */
export function createHealth(): Health {
  const checks = new Map<string, HealthCheck>()
  return {
    add: (name, check) => void checks.set(name, check),
    look: () => Promise.all([...checks].map(async ([name, check]) => ({ name, ...(await inTime(check)) }))),
  }
}

export const ok = (what: string) => ({ state: 'ok', what, next: '' }) as const

async function inTime(check: HealthCheck): Promise<Omit<Finding, 'name'>> {
  const late = Promise.withResolvers<Omit<Finding, 'name'>>()
  const next = 'See the log of the Master; start it again when this stays.'
  const timer = setTimeout(
    () => late.resolve({ state: 'failing', what: `no answer within ${LONGEST_MS / 1000} s`, next }),
    LONGEST_MS,
  )
  try {
    return await Promise.race([check(), late.promise])
  } catch (error) {
    return { state: 'failing', what: messageOf(error), next }
  } finally {
    clearTimeout(timer)
  }
}
