import { slapErrors } from '../errors.ts'
import { compareCodePoints, escapeText } from './text.ts'
import { CLASS_MODULE, type ClassName, type Dictionary, Float, ObjectValue, Tuple, type Value } from './value.ts'

/** Integers of this size and more travel as `<long>`. */
const LONG = 10n ** 24n

/** One value as a marshalled document, byte for byte as slapos.core's library writes it. */
export function marshal(value: Value): string {
  const writer = new MarshalWriter()
  writer.value(value)
  return writer.document()
}

/**
 * Builds a marshalled document in one string. The document codecs drive it directly: the tree of a computer of 1000
 * partitions would cost several times the document.
 */
export class MarshalWriter {
  #text = '<marshal>'
  #nextId = 2

  document(): string {
    return `${this.#text}</marshal>`
  }

  none(): void {
    this.#text += '<none/>'
  }

  bool(value: boolean): void {
    this.#text += value ? '<bool>1</bool>' : '<bool>0</bool>'
  }

  /** The text must be that of an integer. */
  int(value: number | bigint | string): void {
    this.#text += `<int>${value}</int>`
  }

  string(value: string): void {
    this.#text += `<string>${escapeText(value)}</string>`
  }

  /** A dictionary's key that needs no escaping, or a value known to need none. */
  literal(value: string): void {
    this.#text += `<string>${value}</string>`
  }

  /** Ends with `endList`. An empty list is `emptyList`. */
  startList(): void {
    this.#text += `<list id="i${this.#nextId++}">`
  }

  endList(): void {
    this.#text += '</list>'
  }

  emptyList(): void {
    this.#text += `<list id="i${this.#nextId++}"/>`
  }

  list<T>(items: readonly T[], write: (item: T) => void): void {
    if (items.length === 0) {
      this.emptyList()
    } else {
      this.startList()
      for (const item of items) write(item)
      this.endList()
    }
  }

  textTuple(items: readonly string[]): void {
    this.#text += '<tuple>'
    for (const item of items) this.string(item)
    this.#text += '</tuple>'
  }

  /** Ends with `endDictionary`. The caller writes keys in code point order. */
  startDictionary(): void {
    this.#text += `<dictionary id="i${this.#nextId++}">`
  }

  endDictionary(): void {
    this.#text += '</dictionary>'
  }

  emptyDictionary(): void {
    this.#text += `<dictionary id="i${this.#nextId++}"/>`
  }

  textDictionary(entries: Readonly<Record<string, string>>): void {
    const keys = Object.keys(entries)
    if (keys.length === 0) {
      this.emptyDictionary()
    } else {
      this.startDictionary()
      for (const key of keys.sort(compareCodePoints)) {
        this.string(key)
        this.string(entries[key] ?? '')
      }
      this.endDictionary()
    }
  }

  /** An object whose constructor takes texts and nulls. Its dictionary follows, then `endObject`. */
  startObject(className: ClassName, ...constructorArguments: readonly (string | null)[]): void {
    this.#text += `<object id="i${this.#nextId++}" module="${CLASS_MODULE}" class="${className}">`
    if (constructorArguments.length === 0) this.#text += '<tuple/>'
    else {
      this.#text += '<tuple>'
      for (const argument of constructorArguments) argument === null ? this.none() : this.string(argument)
      this.#text += '</tuple>'
    }
  }

  endObject(): void {
    this.#text += '</object>'
  }

  value(value: Value): void {
    if (value === null) this.none()
    else if (typeof value === 'string') this.string(value)
    else if (typeof value === 'boolean') this.bool(value)
    else if (typeof value === 'number') this.#number(value)
    else if (typeof value === 'bigint') this.#integer(value)
    else if (value instanceof Float) this.#text += `<float>${value.text}</float>`
    else if (value instanceof Tuple) this.#children('tuple', '', value.items)
    else if (value instanceof ObjectValue) this.#object(value)
    else if (value instanceof Map) this.#dictionary(value)
    else if (value instanceof Set) this.#children('set', ` id="i${this.#nextId++}"`, [...value])
    else if (Array.isArray(value)) this.#children('list', ` id="i${this.#nextId++}"`, value)
    else throw slapErrors.MARSHAL_INVALID({ reason: 'a value of an unknown kind cannot be written' })
  }

  #number(value: number): void {
    if (Number.isSafeInteger(value)) this.int(value)
    else if (Number.isInteger(value)) this.#integer(BigInt(value))
    else this.#text += `<float>${floatText(value)}</float>`
  }

  #integer(value: bigint): void {
    const long = value >= LONG || value <= -LONG
    this.#text += long ? `<long>${value}</long>` : `<int>${value}</int>`
  }

  #children(element: string, attribute: string, items: readonly Value[]): void {
    if (items.length === 0) {
      this.#text += `<${element}${attribute}/>`
      return
    }
    this.#text += `<${element}${attribute}>`
    for (const item of items) this.value(item)
    this.#text += `</${element}>`
  }

  #dictionary(entries: Dictionary): void {
    if (entries.size === 0) {
      this.emptyDictionary()
    } else {
      this.startDictionary()
      for (const [key, value] of [...entries].sort(([a], [b]) => compareCodePoints(a, b))) {
        this.string(key)
        this.value(value)
      }
      this.endDictionary()
    }
  }

  #object({ className, arguments: constructorArguments, attributes }: ObjectValue): void {
    this.#text += `<object id="i${this.#nextId++}" module="${CLASS_MODULE}" class="${className}">`
    this.value(constructorArguments)
    this.value(attributes)
    this.#text += '</object>'
  }
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return String(value)
}
