import { messageOf } from '@slapos/base'
import { MasterError } from '@slapos/slap'
import { type Outcome, ok } from './outcome.ts'

/** Turns what a client call throws into an outcome. Anything that is not the Master's doing is still thrown. */
export async function attempt<T>(call: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return ok(await call())
  } catch (error) {
    if (!(error instanceof MasterError)) throw error
    const reason = messageOf(error)
    switch (error.kind) {
      case 'unreachable':
        return { kind: 'unreachable', reason }
      case 'refused':
      case 'untrusted':
        return { kind: 'refused', reason }
      default:
        return { kind: 'failed', reason, missing: error.kind === 'not-found' }
    }
  }
}

/** As `attempt`, for calls that some Masters do not have. */
export async function attemptOptional(call: () => Promise<void>): Promise<Outcome<void>> {
  const outcome = await attempt(call)
  return outcome.kind === 'failed' && outcome.missing ? ok(undefined) : outcome
}
