import { type RJSFSchema, retrieveSchema } from '@rjsf/utils'
import { isRecord } from './record.ts'
import { validator } from './validator.ts'
import type { Data } from './wire.ts'

/**
 * Changing one field changes no other that is still shown. When a condition changes the schema, the library would drop
 * what it does not understand there: places of a list, and values that are not among the allowed ones.
 *
 * @param id the field that was changed, as the form makes ids of paths; undefined: unknown
 */
export function keepOthers(after: Data, before: Data, shape: RJSFSchema, id: string | undefined): Data {
  const level = (after: Data, before: Data, schema: RJSFSchema, at: string): Data => {
    const { properties = {} } = retrieveSchema(validator, schema, shape, after)
    const next: Record<string, unknown> = { ...after }
    for (const [name, old] of Object.entries(before)) {
      const here = `${at}_${name}`
      const property = properties[name]
      if (here === id || !isRecord(property) || old === undefined) continue
      const value = next[name]
      if (!id?.startsWith(`${here}_`)) next[name] = old
      else if (isRecord(value) && isRecord(old)) next[name] = level(value, old, property, here)
    }
    return next
  }
  return id === undefined ? after : level(after, before, shape, 'parameter')
}
