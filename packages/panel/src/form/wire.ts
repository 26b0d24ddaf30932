import { say } from '../text/text.ts'
import { isRecord } from './record.ts'
import { propertiesHere, schemasHere } from './schema-walk.ts'

/**
 * Parameters as they travel (text by key; with json-in-xml everything is JSON under `_`) and as a form holds them.
 * The rules of serialisation are those of software.cfg.json.
 */
export type TextMap = Readonly<Record<string, string>>
export type Serialisation = 'xml' | 'json-in-xml'
export type Data = Readonly<Record<string, unknown>>

export class WireProblem extends Error {}

/** @param before what it was read from: texts of unchanged values stay as they were written (`0080`, `True`) */
export function toWire(data: Data, serialisation: Serialisation, before: TextMap = {}, schema: unknown = {}): TextMap {
  if (serialisation === 'json-in-xml') return { _: JSON.stringify(data, null, 2) }
  const had = serialisation === 'xml' ? typedAll(before, schema) : {}
  return Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => {
        const text = typeof value === 'string' ? value : JSON.stringify(value)
        const old = before[key]
        return [key, old !== undefined && JSON.stringify(had[key]) === JSON.stringify(value) ? old : text]
      }),
  )
}

export function fromWire(text: TextMap, serialisation: Serialisation, schema: unknown): Data {
  const keys = Object.keys(text)
  if (serialisation === 'json-in-xml') {
    if (keys.length === 0) return {}
    if (keys.length > 1 || keys[0] !== '_') {
      throw new WireProblem(say('The current parameters should contain only the parameter _ (json-in-xml).'))
    }
    return parseObject(text['_'] ?? '')
  }
  const { _: json, ...rest } = text
  if (json !== undefined && json.trim() !== '{}') {
    throw new WireProblem(say('The current parameters should not contain the parameter _ (xml).'))
  }
  return typedAll(rest, schema)
}

function typedAll(text: TextMap, schema: unknown): Data {
  const properties = propertiesHere(schema, schema)
  return Object.fromEntries(
    Object.entries(text).map(([key, value]) => [
      key,
      typed(value, properties.get(key)?.flatMap((each) => schemasHere(each, schema)) ?? []),
    ]),
  )
}

export function parseObject(text: string): Data {
  if (text.trim() === '') return {}
  const value = parsed(text)
  if (!isRecord(value)) throw new WireProblem(say('The parameters must be a JSON object.'))
  return value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new WireProblem(say('This is not JSON: {reason}', { reason: error instanceof Error ? error.message : '' }))
  }
}

/** Text becomes what the schema wants when it reads as that; otherwise it stays, and the form shows the refusal. */
function typed(value: string, schemas: readonly Readonly<Record<string, unknown>>[]): unknown {
  const wants = (name: string) =>
    schemas.some(({ type }) => type === name || (Array.isArray(type) && type.includes(name)))
  if (wants('string')) return value
  if ((wants('integer') || wants('number')) && value.trim() !== '' && Number.isFinite(Number(value)))
    return Number(value)
  // XML holds texts: lists and groups in there are JSON.
  if ((wants('array') && /^\s*\[/.test(value)) || (wants('object') && /^\s*\{/.test(value))) {
    try {
      return JSON.parse(value)
    } catch {
      return value
    }
  }
  if (wants('boolean') && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true'
  return value
}
