/**
 * Schemas that have a title stand once, under `components`, and are referred to: readers of the document (and
 * generators of clients) get types with names. Titles are unique.
 */
export function withComponents<T extends object>(document: T): T {
  const schemas: Record<string, unknown> = {}

  function refer(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(refer)
    if (typeof value !== 'object' || value === null) return value
    const inner = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, refer(item)]))
    const { title, type, anyOf, enum: choices } = inner
    if (typeof title !== 'string' || (type ?? anyOf ?? choices) === undefined) return inner
    schemas[title] = inner
    return { $ref: `#/components/schemas/${title}` }
  }

  const { paths, components = {}, ...rest } = document as T & { paths?: unknown; components?: object }
  const referring = refer(paths)
  const sorted = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)))
  return { ...rest, components: { ...components, schemas: sorted }, paths: referring } as unknown as T
}
