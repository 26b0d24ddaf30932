import type { InstanceState, IpEntry, ReleaseState, TextDictionary } from '../../documents.ts'
import { slapErrors } from '../../errors.ts'
import { pythonText } from '../python-text.ts'
import { type ClassName, type Dictionary, Float, isDictionary, ObjectValue, Tuple, type Value } from '../value.ts'

/**
 * Reading typed fields out of values. `path` says where, for the error (DOCUMENT_UNEXPECTED). Absent and null are the
 * same everywhere: foreign Masters leave out what they do not have.
 */
export function unexpected(path: string, reason: string): Error {
  return slapErrors.DOCUMENT_UNEXPECTED({ path, reason })
}

export function objectOf(value: Value | undefined, className: ClassName, path: string): ObjectValue {
  if (!(value instanceof ObjectValue) || value.className !== className) {
    throw unexpected(path, `it is not a ${className}`)
  }
  return value
}

export function dictionaryOf(value: Value | undefined, path: string): Dictionary {
  if (!isDictionary(value)) throw unexpected(path, 'it is not a dictionary')
  return value
}

/** Empty when absent. A tuple is taken for a list. */
export function listOf(value: Value | undefined, path: string): readonly Value[] {
  if (value === undefined || value === null) return []
  if (value instanceof Tuple) return value.items
  if (!Array.isArray(value)) throw unexpected(path, 'it is not a list')
  return value
}

/** The text of a scalar as Python prints it: integers and floats keep their digits. */
export function textOf(value: Value | undefined, path: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (value instanceof Float) return value.text
  throw unexpected(path, 'it is not text')
}

export function optionalText(value: Value | undefined, path: string): string | undefined {
  return value === undefined || value === null ? undefined : textOf(value, path)
}

/** Null values become empty texts: that is how an empty parameter comes back from an existing Master. */
export function textDictionaryOf(value: Value | undefined, path: string): TextDictionary {
  if (value === undefined || value === null) return {}
  return textsExcept(dictionaryOf(value, path), NOTHING, path)
}

/**
 * The entries of a dictionary, without the reserved keys, as texts. Lists and the like, which programs pass as
 * parameters, become what Python prints for them, as on an existing Master.
 */
export function textsExcept(entries: Dictionary, reserved: ReadonlySet<string>, path: string): TextDictionary {
  const texts: [string, string][] = []
  for (const [key, item] of entries) {
    if (reserved.has(key)) continue
    const text = item === null ? '' : pythonText(item)
    if (text === undefined) throw unexpected(`${path}.${key}`, 'it has no text')
    texts.push([key, text])
  }
  return Object.fromEntries(texts)
}

export function integerOf(value: Value | undefined, path: string): number {
  if (typeof value === 'number') return value
  throw unexpected(path, 'it is not an integer')
}

/** `bool`, or the 0 and 1 of old peers. False when absent. */
export function booleanOf(value: Value | undefined, path: string): boolean {
  if (typeof value === 'boolean') return value
  if (value === 0 || value === 1) return value === 1
  if (value === undefined || value === null) return false
  throw unexpected(path, 'it is not a boolean')
}

export function instanceStateOf(value: Value | undefined, path: string): InstanceState {
  if (value === 'started' || value === 'stopped' || value === 'destroyed') return value
  throw unexpected(path, 'it is not one of started, stopped, destroyed')
}

export function releaseStateOf(value: Value | undefined, path: string): ReleaseState {
  if (value === undefined || value === null) return 'available'
  if (value === 'available' || value === 'destroyed') return value
  throw unexpected(path, 'it is not one of available, destroyed')
}

/** Entries of exactly `size` texts. */
export function rowsOf(value: Value | undefined, size: number, path: string): readonly (readonly string[])[] {
  return listOf(value, path).map((row, index) => {
    const items = listOf(row, `${path}[${index}]`)
    if (items.length !== size) throw unexpected(`${path}[${index}]`, `it does not have ${size} items`)
    return items.map((item, at) => optionalText(item, `${path}[${index}][${at}]`) ?? '')
  })
}

export function pairsOf(value: Value | undefined, path: string): readonly IpEntry[] {
  return rowsOf(value, 2, path).map(([name = '', address = '']) => [name, address])
}

const NOTHING: ReadonlySet<string> = new Set()
