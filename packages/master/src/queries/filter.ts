import { type RawBuilder, sql } from 'kysely'
import { panelErrors } from '../api/panel/errors.ts'
import type { Colour } from './board/shelf.ts'

const COLOURS: readonly Colour[] = ['green', 'blue', 'yellow', 'red', 'grey']

/** The colours of a list's filter; undefined: all. */
export function coloursOf(text: string | undefined): readonly Colour[] | undefined {
  const asked = text?.split(',').filter(Boolean) ?? []
  if (asked.length === 0) return undefined
  return asked.map((name) => {
    const known = COLOURS.find((colour) => colour === name)
    if (!known) throw panelErrors.QUERY_REFUSED({ field: 'color', value: name, known: COLOURS.join(', ') })
    return known
  })
}

/** Our own numbers, written into the statement: databases bound the number of parameters, and these may be thousands. */
export function numberIn(column: string, numbers: readonly number[]): RawBuilder<boolean> {
  if (numbers.length === 0) return sql<boolean>`1 = 0`
  return sql<boolean>`${sql.ref(column)} in (${sql.raw(numbers.map(Math.trunc).join(','))})`
}

/** What a list is asked for by name, up to so many. */
const MOST_NAMED = 200

export function namedIn(text: string | undefined): readonly string[] | undefined {
  const names = text?.split(',').filter(Boolean) ?? []
  if (names.length > MOST_NAMED) {
    throw panelErrors.QUERY_REFUSED({ field: 'references', value: `(${names.length})`, known: `${MOST_NAMED} at most` })
  }
  return text === undefined ? undefined : names
}
