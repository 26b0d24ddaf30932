type Json = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a JSON pointer in a URL fragment leads to; undefined: nothing. The empty one leads to everything. */
export function pointedAt(content: unknown, pointer: string): unknown {
  if (pointer === '') return content
  return pointer
    .split('/')
    .slice(1)
    .reduce((at, token) => entryOf(at, nameOf(token)), content)
}

const entryOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined

function nameOf(token: string): string {
  try {
    return decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return token // a lone % is meant as itself
  }
}

/** The pointer to the part of a schema that calls itself `#name`. */
export function anchorIn(content: unknown, name: string): string | undefined {
  if (typeof content !== 'object' || content === null) return undefined
  if (isObject(content) && (content['$anchor'] === name || content['$id'] === `#${name}`)) return ''
  for (const [key, value] of Object.entries(content)) {
    const inside = anchorIn(value, name)
    if (inside !== undefined) return `/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}${inside}`
  }
  return undefined
}
