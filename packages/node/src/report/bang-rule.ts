/** When an instance whose service ended is banged: once a deployment, and ever more rarely when that does not help. */
export interface LastBang {
  /** Revision of the instance for which it was. */
  readonly revision: string
  /** Wall clock, milliseconds. */
  readonly at: number
  /** How many followed closely on each other. */
  readonly count: number
}

const FIRST_MS = 60_000
const MOST_MS = 86_400_000

/** The bang that is due now; undefined: none. A bang makes the Master give the instance another revision. Pure. */
export function nextBang(last: LastBang | undefined, revision: string, now: number): LastBang | undefined {
  if (!last) return { revision, at: now, count: 1 }
  const pause = Math.min(MOST_MS, FIRST_MS * 2 ** (last.count - 1))
  if (last.revision === revision || now < last.at + pause) return undefined
  const quiet = now > last.at + 4 * pause
  return { revision, at: now, count: quiet ? 1 : last.count + 1 }
}
