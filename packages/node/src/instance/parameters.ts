import type { TextDictionary } from '@slapos/slap'
import { nodeErrors } from '../errors.ts'

/** Parameters as instance.ts sees them: the JSON under `_` (json-in-xml), or the texts themselves. */
export function readParameters(parameters: TextDictionary, title: string): unknown {
  const json = parameters._
  if (json === undefined) return { ...parameters }
  try {
    return JSON.parse(json)
  } catch (error) {
    throw nodeErrors.PARAMETERS_DAMAGED({ title, reason: error instanceof Error ? error.message : '' }, error)
  }
}

/** What travels for given JSON parameters: texts stay texts, anything richer goes under `_` as JSON. */
export function writeParameters(parameters: unknown): TextDictionary {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) {
    return parameters === undefined || parameters === null ? {} : { _: JSON.stringify(parameters) }
  }
  const texts: Record<string, string> = {}
  for (const [key, value] of Object.entries(parameters)) {
    if (typeof value !== 'string') return { _: JSON.stringify(parameters) }
    texts[key] = value
  }
  return texts
}

/** Connection parameters of a child as texts, whichever way it published them. */
export function readConnection(connection: TextDictionary): TextDictionary {
  const json = connection._
  if (json === undefined || Object.keys(connection).length > 1) return connection
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value !== 'object' || value === null) return connection
    const text = (item: unknown) => (typeof item === 'string' ? item : JSON.stringify(item))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, text(item)]))
  } catch {
    return connection
  }
}
