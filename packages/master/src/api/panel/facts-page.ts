import { panelErrors } from './errors.ts'

export interface FactsQuery {
  readonly cursor?: string
  readonly limit?: number
}

/**
 * A page of facts that are held in memory. `keyOf` says their order, and where the next page begins: it may change
 * while somebody reads on (what fails comes first), then a fact is shown twice or with the next reading.
 */
export function factsPage<T>(facts: readonly T[], keyOf: (fact: T) => string, query: FactsQuery) {
  const { limit = 100 } = query
  const after = query.cursor === undefined ? '' : decode(query.cursor)
  const rest = facts
    .map((fact) => ({ fact, key: sortable(keyOf(fact)) }))
    .filter(({ key }) => key > after)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const items = rest.slice(0, limit)
  const last = items.at(-1)
  return {
    items: items.map(({ fact }) => fact),
    next: last && rest.length > limit ? Buffer.from(last.key).toString('base64url') : null,
    total: facts.length,
  }
}

/** slappart2 stands before slappart10. */
const sortable = (key: string): string => key.replace(/\d+/g, (digits) => digits.padStart(12, '0'))

function decode(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString()
  if (key !== '') return key
  throw panelErrors.QUERY_REFUSED({ field: 'cursor', value: cursor, known: '`next` of the page before' })
}
