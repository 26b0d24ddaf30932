import { isRecord } from './record.ts'
import { entriesHere, propertiesHere, schemasHere } from './schema-walk.ts'
import type { Data } from './wire.ts'

/**
 * Without the groups and lists that a form makes of parameters nobody gave: empty ones, and those that hold only what
 * can be nothing else (constants). Those that were there, that must be there, whose kind was just chosen, entries of lists
 * and names that somebody added to a dictionary stay.
 *
 * @param chosen the id of the group whose kind was chosen, as the form makes ids of paths
 * @param id that of the data
 */
export function withoutEmptied(data: Data, before: unknown, schema: unknown, chosen = '', id = 'parameter'): Data {
  const group = (value: Data, had: unknown, schemas: readonly unknown[], at: string): Data => {
    const whole = { allOf: schemas }
    const known = propertiesHere(whole, schema)
    const old: Data = isRecord(had) ? had : {}
    const required = schemasHere(whole, schema).flatMap(({ required }) => (Array.isArray(required) ? required : []))
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) => {
        const schemas = known.get(key)
        const here = `${at}_${key}`
        const kept = inside(item, old[key], schemas ?? entriesHere(key, whole, schema), here)
        const stays = schemas === undefined || old[key] !== undefined || required.includes(key) || here === chosen
        const made = typeof kept === 'object' && idle(kept, schemas ?? [])
        return stays || !made ? [[key, kept]] : []
      }),
    )
  }
  const inside = (value: unknown, had: unknown, schemas: readonly unknown[], at: string): unknown => {
    if (isRecord(value)) return group(value, had, schemas, at)
    if (!Array.isArray(value)) return value
    const items = entriesHere('', { allOf: schemas }, schema)
    return value.map((item, index) =>
      inside(item, Array.isArray(had) ? had[index] : undefined, items, `${at}_${index}`),
    )
  }
  const idle = (value: unknown, schemas: readonly unknown[]): boolean => {
    if (value === undefined) return true
    if (Array.isArray(value)) return value.every((item) => item === undefined)
    if (!isRecord(value)) return schemas.some((each) => schemasHere(each, schema).some((part) => 'const' in part))
    const known = propertiesHere({ allOf: schemas }, schema)
    // Names of a dictionary were given.
    return Object.entries(value).every(([key, item]) => known.has(key) && idle(item, known.get(key) ?? []))
  }
  return group(data, before, [schema], id)
}
