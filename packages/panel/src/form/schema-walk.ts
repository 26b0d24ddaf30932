import { isRecord } from './record.ts'

type Schema = Readonly<Record<string, unknown>>

/** What `$ref` names inside the same document; undefined: it leads nowhere. */
function target(ref: string, root: unknown): unknown {
  if (ref === '#') return root
  if (!ref.startsWith('#/')) return undefined
  let found = root
  for (const step of ref.slice(2).split('/')) {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(found)) found = found[Number(key)]
    else if (isRecord(found) && Object.hasOwn(found, key)) found = found[key]
    else return undefined
  }
  return found
}

/**
 * Every schema that speaks of the same value: itself, what it refers to, and what holds always, in one of several
 * cases, or under a condition.
 */
export function schemasHere(schema: unknown, root: unknown, seen: Set<unknown> = new Set()): readonly Schema[] {
  if (!isRecord(schema) || seen.has(schema)) return []
  seen.add(schema)
  const { $ref, allOf, anyOf, oneOf, then, else: otherwise, dependentSchemas } = schema
  const parts = [allOf, anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? list : []))
  const conditional = isRecord(dependentSchemas) ? Object.values(dependentSchemas) : []
  const referred = typeof $ref === 'string' ? [target($ref, root)] : []
  return [
    schema,
    ...[...referred, ...parts, then, otherwise, ...conditional].flatMap((part) => schemasHere(part, root, seen)),
  ]
}

/** Properties of an object by name, with every schema that speaks of each. */
export function propertiesHere(schema: unknown, root: unknown): ReadonlyMap<string, readonly unknown[]> {
  const found = new Map<string, unknown[]>()
  for (const { properties } of schemasHere(schema, root)) {
    if (!isRecord(properties)) continue
    for (const [name, each] of Object.entries(properties)) found.set(name, [...(found.get(name) ?? []), each])
  }
  return found
}

/** The schemas of what has no name of its own there: entries of a dictionary, items of a list. */
export function entriesHere(name: string, schema: unknown, root: unknown): readonly unknown[] {
  return schemasHere(schema, root).flatMap(({ items, additionalProperties, patternProperties }) => {
    const patterns = Object.entries(isRecord(patternProperties) ? patternProperties : {})
    const matching = patterns.filter(([pattern]) => matches(pattern, name)).map(([, each]) => each)
    return [items, ...(matching.length > 0 ? matching : [additionalProperties])].filter(isRecord)
  })
}

export function matches(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(name)
  } catch {
    return false
  }
}
