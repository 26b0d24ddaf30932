import { slapErrors } from '../errors.ts'

/**
 * Decoders for JSON of the node extension: an unknown value becomes a typed one, or DOCUMENT_UNEXPECTED says where it
 * is wrong. Unknown fields are ignored, as the extension's rule for skew between versions asks.
 */
export type Decode<T> = (value: unknown, path: string) => T

const wrong = (path: string, expected: string) =>
  slapErrors.DOCUMENT_UNEXPECTED({ path, reason: `it is not ${expected}` })

export const text: Decode<string> = (value, path) => {
  if (typeof value !== 'string') throw wrong(path, 'a text')
  return value
}

export const integer: Decode<number> = (value, path) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrong(path, 'an integer')
  return value
}

export const boolean: Decode<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw wrong(path, 'a boolean')
  return value
}

export const oneOf =
  <const T extends string | number>(...allowed: readonly T[]): Decode<T> =>
  (value, path) => {
    const found = allowed.find((one) => one === value)
    if (found === undefined) throw wrong(path, `one of ${allowed.join(', ')}`)
    return found
  }

export const nullable =
  <T>(decode: Decode<T>): Decode<T | null> =>
  (value, path) =>
    value === null || value === undefined ? null : decode(value, path)

export const array =
  <T>(decode: Decode<T>): Decode<readonly T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) throw wrong(path, 'a list')
    return value.map((item, index) => decode(item, `${path}[${index}]`))
  }

export const record =
  <T>(decode: Decode<T>): Decode<Readonly<Record<string, T>>> =>
  (value, path) =>
    Object.fromEntries(
      Object.entries(plainObject(value, path)).map(([key, item]) => [key, decode(item, `${path}.${key}`)]),
    )

type Shape = Readonly<Record<string, Decode<unknown>>>
type Decoded<S extends Shape> = { readonly [K in keyof S]: S[K] extends Decode<infer T> ? T : never }

export const object =
  <const S extends Shape>(shape: S): Decode<Decoded<S>> =>
  (value, path) => {
    const fields = plainObject(value, path)
    const entries = Object.entries(shape).map(([key, decode]) => [key, decode(fields[key], `${path}.${key}`)])
    return Object.fromEntries(entries)
  }

export function plainObject(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(path, 'an object')
  return Object.fromEntries(Object.entries(value))
}

/** Parses and decodes. Throws DOCUMENT_UNEXPECTED. */
export function decodeJson<T>(json: string, decode: Decode<T>, path: string): T {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    throw slapErrors.DOCUMENT_UNEXPECTED({ path, reason: 'it is not JSON' }, error)
  }
  return decode(value, path)
}
