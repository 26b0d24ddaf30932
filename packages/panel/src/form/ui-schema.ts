import type { UiSchema } from '@rjsf/utils'
import { isRecord } from './wire.ts'

const SECRET = /pass(word|wd|phrase)?$|secret|token$|private|(^|[-_])key$/i
const LATER = /\[(deprecated|expert)\]|deprecated/i

/**
 * How the form shows a schema: defaults as ghost values (they are not sent), long texts in areas, secrets masked,
 * deprecated and expert fields last.
 */
export function uiSchemaOf(schema: unknown, depth = 0): UiSchema {
  if (!isRecord(schema) || depth > 8) return {}
  const ui: UiSchema = {}
  const properties = isRecord(schema['properties']) ? schema['properties'] : {}
  const names = Object.keys(properties)
  for (const name of names) {
    const inner = uiSchemaOf(properties[name], depth + 1)
    if (SECRET.test(name) && isRecord(properties[name]) && properties[name]['type'] === 'string') {
      inner['ui:widget'] ??= 'password'
    }
    ui[name] = inner
  }
  if (names.length > 0) {
    const late = names.filter((name) =>
      LATER.test(text(properties[name], 'title') + text(properties[name], 'description')),
    )
    ui['ui:order'] = [...names.filter((name) => !late.includes(name)), '*', ...late]
    if (late.length === 0) ui['ui:order'] = [...names, '*']
  }
  if ('default' in schema && ['string', 'number', 'boolean'].includes(typeof schema['default'])) {
    ui['ui:placeholder'] = String(schema['default'])
  }
  if (schema['textarea'] === true) ui['ui:widget'] = 'textarea'
  if (isRecord(schema['items'])) ui['items'] = uiSchemaOf(schema['items'], depth + 1)
  if (isRecord(schema['additionalProperties'])) {
    ui['additionalProperties'] = uiSchemaOf(schema['additionalProperties'], depth + 1)
  }
  return ui
}

const text = (schema: unknown, key: string) => (isRecord(schema) && typeof schema[key] === 'string' ? schema[key] : '')
