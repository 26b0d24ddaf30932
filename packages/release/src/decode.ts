/**
 * Strict decoding of JSON from someone that we do not trust. A `Field` is a value with the name under which it stands
 * in the document, so that every refusal says where. Unknown keys are refused: a misspelt key must not pass silently.
 */

/** Thrown by decoders; the caller turns it into the error of his catalogue. */
export class Refused extends Error {
  readonly field: string
  readonly reason: string

  constructor(field: string, reason: string) {
    super(`${field} ${reason}`)
    this.field = field
    this.reason = reason
  }
}

export interface Field {
  readonly name: string
  readonly value: unknown
}

export type Decoder<T> = (field: Field) => T

export interface TextRule {
  readonly most?: number
  readonly least?: number
  readonly pattern?: RegExp
  /** Completes "must be", when the pattern does not match. */
  readonly described?: string
}

export function refuse(field: Field, reason: string): never {
  throw new Refused(field.name === '' ? 'the document' : field.name, reason)
}

export function text({ most = 4096, least = 0, pattern, described = '' }: TextRule = {}): Decoder<string> {
  return (field) => {
    const { value } = field
    if (typeof value !== 'string') refuse(field, `must be text, not ${kindOf(value)}`)
    if (value.length < least) refuse(field, 'must not be empty')
    if (value.length > most) refuse(field, `has ${value.length} characters, at most ${most} are allowed`)
    if (pattern && !pattern.test(value)) refuse(field, `must be ${described}, not ${quote(value)}`)
    return value
  }
}

export function integer(least: number, most: number): Decoder<number> {
  return (field) => {
    const { value } = field
    if (typeof value !== 'number' || !Number.isInteger(value)) refuse(field, `must be an integer, not ${kindOf(value)}`)
    if (value < least || value > most) refuse(field, `must be from ${least} to ${most}, not ${value}`)
    return value
  }
}

export const boolean: Decoder<boolean> = (field) =>
  typeof field.value === 'boolean' ? field.value : refuse(field, `must be true or false, not ${kindOf(field.value)}`)

export const json: Decoder<unknown> = (field) => field.value

export function oneOf<const T extends string>(...allowed: readonly T[]): Decoder<T> {
  return (field) =>
    allowed.find((word) => word === field.value) ??
    refuse(field, `must be one of ${allowed.join(', ')}, not ${quote(field.value)}`)
}

export function list<T>(item: Decoder<T>, most: number, least = 0): Decoder<readonly T[]> {
  return (field) => {
    const { value, name } = field
    if (!Array.isArray(value)) refuse(field, `must be a list, not ${kindOf(value)}`)
    if (value.length > most) refuse(field, `has ${value.length} entries, at most ${most} are allowed`)
    if (value.length < least) refuse(field, 'must not be empty')
    return value.map((entry, index) => item({ name: `${name}[${index}]`, value: entry }))
  }
}

export function dictionary<T>(
  item: Decoder<T>,
  key: Decoder<string>,
  most: number,
): Decoder<Readonly<Record<string, T>>> {
  return (field) => {
    const entries = Object.entries(plainObject(field))
    if (entries.length > most) refuse(field, `has ${entries.length} entries, at most ${most} are allowed`)
    return Object.fromEntries(
      entries.map(([name, value]) => {
        const inner = { name: `${field.name}.${name.slice(0, 100)}`, value }
        key({ name: `the key ${quote(name)} of ${field.name}`, value: name })
        return [name, item(inner)]
      }),
    )
  }
}

type Shape = Readonly<Record<string, Decoder<unknown>>>
type Decoded<S extends Shape> = { readonly [K in keyof S]: S[K] extends Decoder<infer T> ? T : never }

/** An object with exactly these keys; those of the second shape may be absent. */
export function object<R extends Shape, O extends Shape>(
  required: R,
  optional: O,
): Decoder<Decoded<R> & Partial<Decoded<O>>> {
  return (field) => {
    const value = plainObject(field)
    const name = (key: string) => (field.name === '' ? key : `${field.name}.${key}`)
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(required, key) && !Object.hasOwn(optional, key)) {
        refuse({ name: name(key.slice(0, 100)), value: undefined }, 'is not known')
      }
    }
    const entries: [string, unknown][] = []
    for (const [key, decode] of Object.entries(required)) {
      const inner = { name: name(key), value: value[key] }
      if (inner.value === undefined) refuse(inner, 'is missing')
      entries.push([key, decode(inner)])
    }
    for (const [key, decode] of Object.entries(optional)) {
      if (value[key] !== undefined) entries.push([key, decode({ name: name(key), value: value[key] })])
    }
    // The type follows from the loops above, which the compiler cannot see.
    return Object.fromEntries(entries) as Decoded<R> & Partial<Decoded<O>>
  }
}

export function plainObject(field: Field): Readonly<Record<string, unknown>> {
  const { value } = field
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse(field, `must be an object, not ${kindOf(value)}`)
  }
  if (Object.hasOwn(value, '__proto__')) refuse(field, 'must not have a key named __proto__')
  return value as Readonly<Record<string, unknown>>
}

export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'string' ? 'text' : `${value}`.slice(0, 40)
}

export function quote(value: unknown): string {
  const shown = JSON.stringify(value) ?? 'nothing'
  return shown.length > 80 ? `${shown.slice(0, 77)}...` : shown
}
