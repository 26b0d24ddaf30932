/**
 * Values of the marshalled encoding, as natural JavaScript values. What JavaScript cannot tell apart by itself (tuples,
 * floats with an integral value, objects) has a class of its own, so that reading and writing again changes nothing.
 */
export type Value =
  | null
  | boolean
  /** Integral: an int. Anything else: a float. */
  | number
  /** An int too large for a number. */
  | bigint
  | string
  | Float
  | Tuple
  | readonly Value[]
  | ReadonlySet<Value>
  | Dictionary
  | ObjectValue

export type Dictionary = ReadonlyMap<string, Value>

/** A float as the peer wrote it; its text survives unchanged. */
export class Float {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export class Tuple {
  readonly items: readonly Value[]
  constructor(...items: readonly Value[]) {
    this.items = items
  }
}

/** The only classes that may travel. */
export const CLASSES = ['Computer', 'ComputerPartition', 'SoftwareRelease', 'SoftwareInstance'] as const
export type ClassName = (typeof CLASSES)[number]
export const CLASS_MODULE = 'slapos.slap.slap'

export const isClassName = (name: string | undefined): name is ClassName => CLASSES.some((known) => known === name)

export class ObjectValue {
  readonly className: ClassName
  /** Constructor arguments. */
  readonly arguments: Tuple
  readonly attributes: Dictionary
  constructor(className: ClassName, constructorArguments: Tuple, attributes: Dictionary) {
    this.className = className
    this.arguments = constructorArguments
    this.attributes = attributes
  }
}

export const isDictionary = (value: Value | undefined): value is Dictionary => value instanceof Map

/** A dictionary from a plain object; undefined values are left out. */
export function dictionary(entries: Readonly<Record<string, Value | undefined>>): Dictionary {
  const result = new Map<string, Value>()
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) result.set(key, value)
  return result
}
