import type { Position } from '@slapos/slap'

/**
 * What each computer was last answered: while its revision stands, the same question needs no look at the database.
 * One small entry a computer.
 */
export class KnownPositions {
  readonly #answered = new Map<string, { readonly revision: number; readonly position: Position }>()

  /** True: nothing changed for this computer since `position`. */
  unchanged(computer: string, revision: number, since: Position | undefined): boolean {
    const known = this.#answered.get(computer)
    return known !== undefined && known.revision === revision && known.position === since
  }

  /** `revision` was read before the answer was made. */
  answered(computer: string, revision: number, position: Position): void {
    this.#answered.set(computer, { revision, position })
  }
}
