import { type Colour, type ColourCounts, mapColours, TELLING_FIRST } from '../../domain/indicator/instance-indicator.ts'

export interface Tenant {
  /** Number of the instance's row. */
  readonly id: number
  readonly computer: number
  readonly colour: Colour
}

export interface TenantSum {
  readonly counts: ColourCounts
  /** The instance that speaks for all: the oldest of the worst colour. */
  readonly telling: number
}

/** Colours of the instances on each server, without slaves: they are their host's. */
export class Tenants {
  readonly #ofServer = new Map<number, Map<number, Colour>>()
  readonly #ofTree = new Map<number, readonly Tenant[]>()

  /** What a service has where now; none: it is gone. */
  put(tree: number, tenants: readonly Tenant[]): void {
    for (const { computer, id } of this.#ofTree.get(tree) ?? []) {
      const there = this.#ofServer.get(computer)
      there?.delete(id)
      if (there?.size === 0) this.#ofServer.delete(computer)
    }
    for (const { computer, id, colour } of tenants) {
      const there = this.#ofServer.get(computer) ?? new Map<number, Colour>()
      this.#ofServer.set(computer, there.set(id, colour))
    }
    if (tenants.length === 0) this.#ofTree.delete(tree)
    else this.#ofTree.set(tree, tenants)
  }

  /** Undefined: nothing runs there. */
  sum(computer: number): TenantSum | undefined {
    const all = [...(this.#ofServer.get(computer) ?? [])]
    const of = mapColours((colour) => all.flatMap(([id, is]) => (is === colour ? [id] : [])))
    const worst = TELLING_FIRST.map((colour) => of[colour]).find((ids) => ids.length > 0)
    return worst && { counts: mapColours((colour) => of[colour].length), telling: Math.min(...worst) }
  }
}
