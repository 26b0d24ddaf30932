import { isRecord } from './record.ts'
import { entriesHere, propertiesHere, schemasHere } from './schema-walk.ts'

export interface ForeignValue {
  readonly path: readonly (string | number)[]
  readonly value: unknown
}

/** Values that a schema does not speak of: neither by name, nor as entries of a dictionary or a list. */
export function foreignValues(data: unknown, schema: unknown): readonly ForeignValue[] {
  const below = (value: unknown, schemas: readonly unknown[], path: ForeignValue['path']): ForeignValue[] => {
    const whole = { allOf: schemas }
    if (Array.isArray(value)) {
      const items = entriesHere('', whole, schema)
      return items.length === 0 ? [] : value.flatMap((item, index) => below(item, items, [...path, index]))
    }
    // What may be anything may hold anything.
    if (!isRecord(value) || !tellsNames(whole)) return []
    const known = propertiesHere(whole, schema)
    return Object.entries(value).flatMap(([name, item]) => {
      const found = known.get(name) ?? entriesHere(name, whole, schema)
      const here = [...path, name]
      if (found.length > 0) return below(item, found, here)
      return open(whole) ? [] : [{ path: here, value: item }]
    })
  }
  const tellsNames = (whole: unknown): boolean =>
    schemasHere(whole, schema).some((each) =>
      ['properties', 'patternProperties', 'additionalProperties'].some((key) => key in each),
    )
  const open = (whole: unknown): boolean =>
    schemasHere(whole, schema).some(({ additionalProperties }) => additionalProperties === true)
  return below(data, [schema], [])
}
