import type { UiSchema } from '@rjsf/utils'
import { PRESET } from './form-schema.ts'
import { isRecord } from './record.ts'
import { propertiesHere, schemasHere } from './schema-walk.ts'

const SECRET = /pass(word|wd|phrase)?$|secret|token$|private|(^|[-_])key$/i
const LATER = /\[(deprecated|expert)\]|deprecated/i
/** Schemas may refer to themselves. */
const DEEPEST = 8

/**
 * How the form shows a schema (as `formSchemaOf` makes it): defaults as ghost values (they are not sent), long texts in areas, secrets masked,
 * deprecated and expert fields last (`ui:late` names them); also of what stands behind references, cases and conditions.
 */
export function uiSchemaOf(schema: unknown, root: unknown = schema, depth = 0): UiSchema {
  if (!isRecord(schema) || depth > DEEPEST) return {}
  const here = schemasHere(schema, root)
  return {
    ...ofProperties(schema, root, depth),
    ...ofValue(here),
    ...ofItems(here, root, depth),
  }
}

function ofProperties(schema: unknown, root: unknown, depth: number): UiSchema {
  const properties = [...propertiesHere(schema, root)]
  if (properties.length === 0) return {}
  const ui: UiSchema = Object.fromEntries(
    properties.map(([name, schemas]) => [name, ofProperty(name, schemas, root, depth + 1)]),
  )
  const names = properties.map(([name]) => name)
  const late = new Set(properties.filter(([, schemas]) => schemas.some((each) => isLate(each))).map(([name]) => name))
  ui['ui:order'] = [...names.filter((name) => !late.has(name)), '*', ...late]
  if (late.size > 0) ui['ui:late'] = [...late]
  return ui
}

function ofProperty(name: string, schemas: readonly unknown[], root: unknown, depth: number): UiSchema {
  const ui: UiSchema = Object.assign({}, ...schemas.map((each) => uiSchemaOf(each, root, depth)))
  const here = schemas.flatMap((each) => schemasHere(each, root))
  const secret = SECRET.test(name) || here.some(({ format, writeOnly }) => format === 'password' || writeOnly === true)
  if (secret && ui['ui:widget'] === 'textarea') ui['ui:options'] = { className: 'masked' }
  else if (secret && here.some(isText)) ui['ui:widget'] ??= 'password'
  return ui
}

function ofValue(here: readonly Readonly<Record<string, unknown>>[]): UiSchema {
  const ui: UiSchema = {}
  const standard = here
    .map((each) => each[PRESET])
    .find((each) => ['string', 'number', 'boolean'].includes(typeof each))
  if (standard !== undefined) ui['ui:placeholder'] = String(standard)
  if (here.some(({ textarea }) => textarea === true)) ui['ui:widget'] = 'textarea'
  return ui
}

function ofItems(here: readonly Readonly<Record<string, unknown>>[], root: unknown, depth: number): UiSchema {
  const ui: UiSchema = {}
  for (const { items, additionalProperties, patternProperties } of here) {
    if (Array.isArray(items)) {
      // The library names places by their numbers.
      const each = items.map((item) => {
        const title = isRecord(item) ? item['title'] : undefined
        return { ...uiSchemaOf(item, root, depth + 1), ...(typeof title === 'string' && { 'ui:title': title }) }
      })
      ui['items'] = (_: unknown, index: number) => each[index] ?? {}
    } else if (isRecord(items)) ui['items'] = uiSchemaOf(items, root, depth + 1)
    const patterns = isRecord(patternProperties) ? Object.values(patternProperties) : []
    for (const each of [...patterns, additionalProperties]) {
      if (isRecord(each)) ui['additionalProperties'] ??= uiSchemaOf(each, root, depth + 1)
    }
  }
  return ui
}

const isText = ({ type, enum: choices }: Readonly<Record<string, unknown>>): boolean =>
  choices === undefined && (type === 'string' || (Array.isArray(type) && type.includes('string')))

const isLate = (schema: unknown): boolean =>
  isRecord(schema) &&
  (schema['deprecated'] === true || LATER.test(`${schema['title'] ?? ''} ${schema['description'] ?? ''}`))
