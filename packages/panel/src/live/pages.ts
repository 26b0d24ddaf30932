import type { Hint } from './stream.ts'
import { serverOf } from './touches.ts'

export interface ListPage<T> {
  readonly items: readonly T[]
  readonly next: string | null
  readonly total: number
}

/** A list that is kept true by asking for those of its rows that changed. */
export interface LiveList<T> {
  /** What the list names a row by, in a hint and in `references`. */
  readonly idOf: (row: T) => string
  /** Negative: `a` comes first. The order of the list by a column, ties by number. */
  readonly compare: (a: T, b: T) => number
}

/** Beyond this a page costs less than its rows one by one. */
const MOST_ASKED = 100

/**
 * The rows to ask for after these changes: what they name, and what stands on the servers that they name. Undefined: it
 * cannot be told, everything has to be read again.
 */
export function rowsToAsk<T>(
  hints: readonly Hint[],
  pages: readonly ListPage<T>[],
  about: {
    readonly named: (hint: Hint) => readonly string[] | undefined
    readonly on: (row: T, server: string) => boolean
  },
  idOf: (row: T) => string,
): ReadonlySet<string> | undefined {
  const asked = new Set<string>()
  for (const hint of hints) {
    const named = about.named(hint)
    if (named) for (const id of named) asked.add(id)
    else {
      const server = serverOf(hint)
      if (server === undefined) return undefined
      for (const page of pages) for (const row of page.items) if (about.on(row, server)) asked.add(idOf(row))
    }
  }
  return asked.size > MOST_ASKED ? undefined : asked
}

/**
 * The pages with the rows that were asked for as they are now: changed ones changed, gone ones gone, new ones in their
 * place. What belongs behind the last loaded row comes with the next page, whose cursor names a place, not a number.
 */
export function withRows<T>(
  pages: readonly ListPage<T>[],
  asked: ReadonlySet<string>,
  answer: ListPage<T>,
  { idOf, compare }: LiveList<T>,
): readonly ListPage<T>[] {
  const last = pages.at(-1)
  const end = last?.next == null ? undefined : last.items.at(-1)
  const found = new Map(answer.items.map((row) => [idOf(row), row]))
  const placed = new Set<string>()
  const kept = pages.map((page) => ({
    ...page,
    total: answer.total,
    items: page.items.flatMap((row) => {
      if (!asked.has(idOf(row))) return [row]
      const now = found.get(idOf(row))
      if (now === undefined || compare(row, now) !== 0) return []
      placed.add(idOf(row))
      return [now]
    }),
  }))
  for (const row of answer.items) {
    if (placed.has(idOf(row)) || (end !== undefined && compare(row, end) > 0)) continue
    const index = kept.findIndex(({ items }) => {
      const bottom = items.at(-1)
      return bottom !== undefined && compare(row, bottom) < 0
    })
    const page = kept[index === -1 ? kept.length - 1 : index]
    if (page === undefined) continue
    const at = page.items.findIndex((other) => compare(row, other) < 0)
    page.items.splice(at === -1 ? page.items.length : at, 0, row)
  }
  return kept
}

/** Newest first, and nothing in it changes: what is new stands before what is there. Undefined: too much is new. */
export function withNewest<T>(
  pages: readonly ListPage<T>[],
  answer: ListPage<T>,
  idOf: (row: T) => string,
): readonly ListPage<T>[] | undefined {
  const [first, ...rest] = pages
  if (first === undefined) return undefined
  const known = new Set(pages.flatMap(({ items }) => items.map(idOf)))
  const fresh = answer.items.filter((row) => !known.has(idOf(row)))
  if (fresh.length === answer.items.length && answer.next !== null && fresh.length > 0) return undefined
  return [{ ...first, total: answer.total, items: [...fresh, ...first.items] }, ...rest]
}

/** By a field, `-` for descending; ties by the number at the end of the reference, in the same direction. */
export function orderBy<T>(
  sort: string,
  fields: Readonly<Record<string, (row: T) => string | number>>,
  idOf: (row: T) => string,
): (a: T, b: T) => number {
  const descending = sort.startsWith('-')
  const numberOf = (row: T) => Number(/\d+$/.exec(idOf(row))?.[0] ?? 0)
  const field = fields[sort.replace(/^-/, '')] ?? numberOf
  const upwards = (a: T, b: T) => {
    const [x, y] = [field(a), field(b)]
    if (x !== y) return x < y ? -1 : 1
    return numberOf(a) - numberOf(b)
  }
  return descending ? (a, b) => upwards(b, a) : upwards
}
