import type { TextDictionary } from './documents.ts'
import { slapErrors } from './errors.ts'

/** How a release takes its parameters: `xml` is a flat dictionary of texts, `json-in-xml` one JSON text under `_`. */
export type Serialisation = 'xml' | 'json-in-xml'

export const JSON_KEY = '_'

export const wrapJson = (value: unknown): TextDictionary => ({ [JSON_KEY]: JSON.stringify(value) })

/**
 * The JSON value under `_`, or the dictionary itself when there is no `_`: what a person or a program meant, whichever
 * form it took. Throws PARAMETERS_NOT_JSON.
 */
export function unwrapJson(texts: TextDictionary): unknown {
  const text = Object.hasOwn(texts, JSON_KEY) ? texts[JSON_KEY] : undefined
  if (text === undefined) return texts
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch (error) {
    throw slapErrors.PARAMETERS_NOT_JSON({ reason: error instanceof Error ? error.message : '' }, error)
  }
}

/** A parameter object in the form that the release takes; values that are not text become JSON in the flat form. */
export function wrapParameters(value: Readonly<Record<string, unknown>>, serialisation: Serialisation): TextDictionary {
  if (serialisation === 'json-in-xml') return wrapJson(value)
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, typeof item === 'string' ? item : JSON.stringify(item)]),
  )
}
