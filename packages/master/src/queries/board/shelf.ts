import { type Colour, mapColours, TELLING_FIRST } from '../../domain/indicator/instance-indicator.ts'

export type { Colour }
export type Counts = Readonly<Record<Colour, number>>

type Buckets = Readonly<Record<Colour, Set<number>>>

interface Placed {
  readonly project: number
  readonly colour: Colour
}

/** Colours of things of one kind, by the number of their row: counted and found without looking at all of them. */
export class Shelf {
  readonly #placed = new Map<number, Placed>()
  readonly #projects = new Map<number, Buckets>()

  /** Answers the colour before; undefined: it was not here. */
  put(id: number, project: number, colour: Colour): Colour | undefined {
    const before = this.take(id)
    this.#placed.set(id, { project, colour })
    this.#buckets(project)[colour].add(id)
    return before
  }

  take(id: number): Colour | undefined {
    const known = this.#placed.get(id)
    if (known === undefined) return undefined
    this.#placed.delete(id)
    this.#buckets(known.project)[known.colour].delete(id)
    return known.colour
  }

  get(id: number): Colour | undefined {
    return this.#placed.get(id)?.colour
  }

  projectOf(id: number): number | undefined {
    return this.#placed.get(id)?.project
  }

  ids(): readonly number[] {
    return [...this.#placed.keys()]
  }

  counts(projects: readonly number[]): Counts {
    const count = (colour: Colour) =>
      projects.reduce((sum, project) => sum + (this.#projects.get(project)?.[colour].size ?? 0), 0)
    return mapColours(count)
  }

  /** How many there are, of any colour. */
  size(projects: readonly number[]): number {
    return Object.values(this.counts(projects)).reduce((sum, count) => sum + count, 0)
  }

  /** Newest first. */
  having(projects: readonly number[], colours: readonly Colour[] = TELLING_FIRST): readonly number[] {
    const found = projects.flatMap((project) => {
      const buckets = this.#projects.get(project)
      return buckets ? TELLING_FIRST.flatMap((colour) => (colours.includes(colour) ? [...buckets[colour]] : [])) : []
    })
    return found.sort((a, b) => b - a)
  }

  #buckets(project: number): Buckets {
    const known = this.#projects.get(project)
    if (known) return known
    const made = mapColours(() => new Set<number>())
    this.#projects.set(project, made)
    return made
  }
}
