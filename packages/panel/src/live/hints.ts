import type { Query, QueryClient } from '@tanstack/react-query'
import { PATCHED, patchLists, readListsAgain } from './lists.ts'
import type { Hint } from './stream.ts'
import { touches } from './touches.ts'

/** Changes come in flocks: what one flock made stale is read once. */
const GATHER_MS = 100
/** Flock after flock, nobody reads faster than this, and the Master has other readers. */
const BUSY_MS = 250

/** Bars of half an hour: a measurement of a server changes them where nothing is known yet, or half a bar later. */
const HALF_A_BAR_MS = 15 * 60_000
const isEarly = ({ kind }: Hint, { queryKey, state: { data, dataUpdatedAt } }: Query): boolean =>
  kind === 'usage' &&
  queryKey[0] === 'uptime' &&
  typeof data === 'object' &&
  data !== null &&
  'share' in data &&
  data.share !== null &&
  Date.now() - dataUpdatedAt < HALF_A_BAR_MS

/** Reads again what changes made stale, and nothing else. */
export function hintReader(client: QueryClient): (hint: Hint) => void {
  const flock = new Map<string, Hint>()
  // biome-ignore lint/correctness/noUnusedVariables: it is read by ??=
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = Number.NEGATIVE_INFINITY
  let work: Promise<unknown> = Promise.resolve()

  const settle = () => {
    const hints = [...flock.values()]
    flock.clear()
    timer = undefined
    last = performance.now()
    const everything = hints.some(({ kind }) => kind === 'reset')
    void client.invalidateQueries({
      predicate: (query) =>
        !PATCHED.has(query.queryKey[0]) &&
        (everything || hints.some((hint) => touches(hint, query.queryKey) && !isEarly(hint, query))),
    })
    // One after the other: an answer about a later change must not be overtaken by that about an earlier one.
    work = work.then(() => (everything ? readListsAgain(client) : patchLists(client, hints)))
  }
  return (hint) => {
    flock.set(`${hint.kind} ${hint.reference}`, hint)
    timer ??= setTimeout(settle, performance.now() - last < BUSY_MS * 2 ? BUSY_MS : GATHER_MS)
  }
}
