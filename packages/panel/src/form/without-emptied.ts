import { isRecord } from './record.ts'
import { propertiesHere } from './schema-walk.ts'
import type { Data } from './wire.ts'

/**
 * Without the empty groups that a form makes of parameters nobody gave. Groups that were there empty, that must be
 * there, and names somebody added to a dictionary stay.
 */
export function withoutEmptied(data: Data, before: unknown, schema: unknown, root = schema): Data {
  const known = propertiesHere(schema, root)
  const had: Data = isRecord(before) ? before : {}
  const required = isRecord(schema) && Array.isArray(schema['required']) ? schema['required'] : []
  return Object.fromEntries(
    Object.entries(data).flatMap(([key, value]) => {
      if (!isRecord(value) || !known.has(key)) return [[key, value]]
      const kept = withoutEmptied(value, had[key], { allOf: known.get(key) }, root)
      const idle = Object.keys(kept).length === 0 && had[key] === undefined && !required.includes(key)
      return idle ? [] : [[key, kept]]
    }),
  )
}
