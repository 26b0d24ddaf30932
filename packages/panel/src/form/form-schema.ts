import type { RJSFSchema } from '@rjsf/utils'
import { isRecord } from './record.ts'

type Schema = Readonly<Record<string, unknown>>

/** Where a default stands: the library would send what it knows as such. */
export const PRESET = 'x-default'
/** Keywords that hold data: what stands in there is no schema. */
const DATA = new Set(['const', 'default', 'enum', 'example', 'examples', 'required'])
/** Keywords that hold schemas by names which people choose. */
const NAMED = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies'])
/** What a reference beside it adds to; the form library would let one replace the other. */
const ADDING = [
  'properties',
  'required',
  'allOf',
  'anyOf',
  'oneOf',
  'patternProperties',
  'additionalProperties',
  'items',
]
/** A schema with none of these says nothing of its value. */
const TELLING = ['type', 'const', 'enum', '$ref', 'if', 'dependencies', 'prefixItems', ...ADDING]

/**
 * A schema as the form library understands it. It only shows values by this; what is right is judged by the schema
 * itself. Released schemas mix drafts and leave out what the library cannot do without.
 */
export function formSchemaOf(schema: unknown): RJSFSchema {
  const { $schema: _dialect, $id: _id, ...rest } = isRecord(schema) ? schema : {}
  return { type: 'object', ...asSchema(shaped(rest)) }
}

function shaped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shaped)
  if (!isRecord(value)) return value
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    if (key === 'default') return [PRESET, item]
    if (DATA.has(key)) return [key, item]
    if (NAMED.has(key) && isRecord(item)) return [key, namedIn(key, item)]
    return [key, shaped(item)]
  })
  return inOneDraft(Object.fromEntries(entries))
}

const namedIn = (key: string, map: Schema): Schema =>
  Object.fromEntries(
    Object.entries(map).map(([name, item]) => [name, key === 'properties' ? described(shaped(item)) : shaped(item)]),
  )

/** What may be anything is written as text. */
const described = (schema: unknown): unknown =>
  isRecord(schema) && !TELLING.some((key) => key in schema) ? { ...schema, type: 'string' } : schema

function inOneDraft(schema: Schema): Schema {
  const { prefixItems, dependentRequired, dependentSchemas, format, $ref, ...rest } = schema
  const list = rest['type'] === 'array' || Array.isArray(prefixItems) || isRecord(rest['items'])
  const tuple = Array.isArray(prefixItems)
    ? { items: prefixItems.map(described), additionalItems: rest['items'] ?? true }
    : list && rest['items'] === undefined
      ? { items: { type: 'string' } }
      : isRecord(rest['items'])
        ? { items: described(rest['items']) }
        : {}
  const conditions = {
    ...asRecord(rest['dependencies']),
    ...asRecord(dependentRequired),
    ...asRecord(dependentSchemas),
  }
  const referred =
    typeof $ref !== 'string'
      ? {}
      : ADDING.some((key) => key in rest)
        ? { allOf: [...(Array.isArray(rest['allOf']) ? rest['allOf'] : []), { $ref }] }
        : { $ref }
  return {
    ...rest,
    ...tuple,
    ...(typeof format === 'string' && { format }),
    ...(Object.keys(conditions).length > 0 && { dependencies: conditions }),
    ...referred,
  }
}

const asRecord = (value: unknown): Schema => (isRecord(value) ? value : {})
const asSchema = (value: unknown): RJSFSchema => (isRecord(value) ? value : {})
