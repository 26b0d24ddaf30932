import { propertiesHere, schemasHere } from './schema-walk.ts'

/**
 * Parameters as they travel (text by key; with json-in-xml everything is JSON under `_`) and as a form holds them.
 * The rules of serialisation are those of software.cfg.json.
 */
export type TextMap = Readonly<Record<string, string>>
export type Serialisation = 'xml' | 'json-in-xml'
export type Data = Readonly<Record<string, unknown>>

export class WireProblem extends Error {}

export function toWire(data: Data, serialisation: Serialisation): TextMap {
  if (serialisation === 'json-in-xml') return { _: JSON.stringify(data, null, 2) }
  return Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}

export function fromWire(text: TextMap, serialisation: Serialisation, schema: unknown): Data {
  const keys = Object.keys(text)
  if (serialisation === 'json-in-xml') {
    if (keys.length === 0) return {}
    if (keys.length > 1 || keys[0] !== '_') {
      throw new WireProblem('The current parameters should contain only the parameter _ (json-in-xml).')
    }
    return parseObject(text['_'] ?? '')
  }
  const { _: json, ...rest } = text
  if (json !== undefined && json.trim() !== '{}') {
    throw new WireProblem('The current parameters should not contain the parameter _ (xml).')
  }
  const properties = propertiesHere(schema, schema)
  return Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      key,
      typed(value, properties.get(key)?.flatMap((each) => schemasHere(each, schema)) ?? []),
    ]),
  )
}

export function parseObject(text: string): Data {
  if (text.trim() === '') return {}
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new WireProblem('The parameters must be a JSON object.')
  }
  return { ...value }
}

/** Text becomes what the schema wants when it reads as that; otherwise it stays, and the form shows the refusal. */
function typed(value: string, schemas: readonly Readonly<Record<string, unknown>>[]): unknown {
  const wants = (name: string) =>
    schemas.some(({ type }) => type === name || (Array.isArray(type) && type.includes(name)))
  if (wants('string')) return value
  if ((wants('integer') || wants('number')) && value.trim() !== '' && Number.isFinite(Number(value)))
    return Number(value)
  if (wants('boolean') && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true'
  return value
}
