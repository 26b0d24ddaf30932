import { slapErrors } from '../errors.ts'

/** What a reader accepts before it refuses. */
export interface Limits {
  /** UTF-8 bytes of the whole document. */
  readonly bytes: number
  /** Elements inside one another. */
  readonly depth: number
  /** Values in all. */
  readonly values: number
}

/** Generous for answers of a Master (10,000 slaves are 7 MB); surfaces that read foreign input set their own. */
const DEFAULTS: Limits = { bytes: 64 * 1024 * 1024, depth: 32, values: 4_000_000 }

export const withDefaults = (limits: Partial<Limits>): Limits => ({ ...DEFAULTS, ...limits })

/** Throws MARSHAL_TOO_LARGE before anything is parsed. */
export function measure(text: string, { bytes }: Limits): void {
  // A UTF-16 unit is at least one byte of UTF-8: the exact count is only needed for texts near the limit.
  if (text.length > bytes || (text.length * 3 > bytes && Buffer.byteLength(text) > bytes)) {
    throw slapErrors.MARSHAL_TOO_LARGE({ reason: `it exceeds ${bytes} bytes` })
  }
}
