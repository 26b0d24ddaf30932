import { PRESET } from './form-schema.ts'
import { isRecord } from './record.ts'
import { matches } from './schema-walk.ts'

type Path = readonly (string | number)[]

/** The same data with a value at a path; `undefined` takes it away. Groups on the way are made. */
export function putAt(data: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value
  if (Array.isArray(data)) return data.map((item, index) => (index === Number(step) ? putAt(item, rest, value) : item))
  const group = isRecord(data) ? data : {}
  const next = putAt(group[step], rest, value)
  const entries = Object.entries(group).filter(([key]) => key !== String(step) || next !== undefined)
  return { ...Object.fromEntries(entries), ...(next !== undefined && { [step]: next }) }
}

/** What a new entry of a dictionary begins with; numbers have no such value, and ask to be filled in. */
export function firstValue(schema: unknown): unknown {
  const { [PRESET]: standard, const: constant, enum: choices, type } = isRecord(schema) ? schema : {}
  if (constant !== undefined) return constant
  if (standard !== undefined) return standard
  if (Array.isArray(choices)) return choices[0]
  switch (Array.isArray(type) ? type[0] : type) {
    case 'string':
      return ''
    case 'boolean':
      return false
    case 'array':
      return []
    case 'integer':
    case 'number':
      return null
    default:
      return isRecord(schema) && type === undefined && schema['properties'] === undefined ? '' : {}
  }
}

/** The schemas that an entry of this name has in a dictionary; undefined: it may not be called so. */
export function entrySchemas(schema: Readonly<Record<string, unknown>>, name: string): readonly unknown[] | undefined {
  const { patternProperties, additionalProperties } = schema
  const matching = Object.entries(isRecord(patternProperties) ? patternProperties : {}).filter(([pattern]) =>
    matches(pattern, name),
  )
  if (matching.length > 0) return matching.map(([, each]) => each)
  const open = additionalProperties === true || isRecord(additionalProperties)
  return open ? [additionalProperties === true ? { type: 'string' } : additionalProperties] : undefined
}
