import { panelErrors } from '../api/panel/errors.ts'

/** Where a page begins: after this row, in the order of the list. */
export interface After {
  readonly value: string | number
  readonly id: number
}

export interface Order<C extends string> {
  readonly column: C
  readonly descending: boolean
  readonly after: After | undefined
  readonly limit: number
}

interface Asked {
  readonly sort?: string
  readonly cursor?: string
  readonly limit?: number
}

/** Reads `sort` and `cursor`; `columns` maps what people may sort by to what is sorted. */
export function orderOf<const C extends string>(
  asked: Asked,
  columns: Readonly<Record<string, C>>,
  standard: string,
): Order<C> {
  const sort = asked.sort ?? standard
  const name = sort.replace(/^-/, '')
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined
  if (column === undefined) {
    throw panelErrors.QUERY_REFUSED({ field: 'column', value: name, known: Object.keys(columns).join(', ') })
  }
  return { column, descending: sort.startsWith('-'), after: decode(asked.cursor), limit: asked.limit ?? 50 }
}

export const encode = (after: After): string =>
  Buffer.from(JSON.stringify([after.value, after.id])).toString('base64url')

function decode(cursor: string | undefined): After | undefined {
  if (cursor === undefined) return undefined
  try {
    const [value, id]: unknown[] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if ((typeof value === 'string' || typeof value === 'number') && typeof id === 'number') return { value, id }
  } catch {
    // said below
  }
  throw panelErrors.QUERY_REFUSED({ field: 'cursor', value: cursor, known: '`next` of the page before' })
}

/** A `like` pattern that finds `text` anywhere, in any case. */
export const containing = (text: string): string => `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
