import { messageOf } from '@slapos/base'
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { slapErrors } from '../errors.ts'
import { type Limits, measure, withDefaults } from './limits.ts'
import { unescapeText } from './text.ts'
import { CLASS_MODULE, Float, isClassName, isDictionary, ObjectValue, Tuple, type Value } from './value.ts'

/**
 * Reads a marshalled document. Strict: no DOCTYPE, no entities but XML's own, only known elements and classes, one
 * value, bounded in size, depth and number of values (references counted as what they stand for).
 * Throws MARSHAL_INVALID or MARSHAL_TOO_LARGE.
 */
export function unmarshal(text: string, limits: Partial<Limits> = {}): Value {
  const bounds = withDefaults(limits)
  measure(text, bounds)
  const reader = new Reader(bounds)
  try {
    return reader.read(text)
  } catch (error) {
    if (error instanceof Refusal) throw error.reason
    throw slapErrors.MARSHAL_INVALID({ reason: messageOf(error) }, error)
  }
}

/** Carries our own error through the parser unchanged. */
class Refusal extends Error {
  readonly reason: Error
  constructor(reason: Error) {
    super(reason.message)
    this.reason = reason
  }
}

const invalid = (reason: string) => new Refusal(slapErrors.MARSHAL_INVALID({ reason }))
const tooLarge = (reason: string) => new Refusal(slapErrors.MARSHAL_TOO_LARGE({ reason }))

const SCALARS = new Set(['none', 'bool', 'int', 'long', 'float', 'string', 'unicode'])
const CONTAINERS = new Set(['marshal', 'tuple', 'list', 'set', 'dictionary', 'object', 'reference'])

interface Frame {
  readonly element: string
  readonly attributes: Readonly<Record<string, string>>
  readonly scalar: boolean
  readonly items: Value[]
  text: string
  /** Values inside, itself included, references counted in full. */
  weight: number
}

class Reader {
  readonly #limits: Limits
  readonly #stack: Frame[] = []
  readonly #known = new Map<string, { readonly value: Value; readonly weight: number }>()
  #result: Frame | undefined

  constructor(limits: Limits) {
    this.#limits = limits
  }

  read(text: string): Value {
    const parser = new SaxesParser({ xmlns: false, defaultXMLVersion: '1.0', forceXMLVersion: true, position: false })
    parser.on('error', (error) => {
      throw invalid(error.message)
    })
    parser.on('doctype', () => {
      throw invalid('a DOCTYPE is not allowed')
    })
    parser.on('processinginstruction', () => {
      throw invalid('processing instructions are not allowed')
    })
    parser.on('opentag', (tag) => this.#open(tag))
    parser.on('closetag', () => this.#close())
    parser.on('text', (part) => this.#characters(part))
    parser.on('cdata', (part) => this.#characters(part))
    // In pieces, so that what is refused early is refused before the rest is looked at.
    for (let at = 0; at < text.length; at += PIECE) parser.write(text.slice(at, at + PIECE))
    parser.close()
    const [value, more] = this.#result?.items ?? []
    if (value === undefined || more !== undefined) throw invalid('<marshal> must hold exactly one value')
    return value
  }

  #open(tag: SaxesTagPlain): void {
    const parent = this.#stack.at(-1)
    const { name, attributes } = tag
    const scalar = SCALARS.has(name)
    if (!scalar && !CONTAINERS.has(name)) throw invalid(`the element <${name}> is unknown`)
    if ((name === 'marshal') !== (parent === undefined)) {
      throw invalid(parent ? '<marshal> may only be the outermost element' : `the outermost element is <${name}>`)
    }
    if (parent && (parent.scalar || parent.element === 'reference')) {
      throw invalid(`<${parent.element}> may not hold elements`)
    }
    if (this.#stack.length > this.#limits.depth) {
      throw tooLarge(`it is nested deeper than ${this.#limits.depth} levels`)
    }
    if (name === 'object') checkClass(attributes)
    this.#stack.push({ element: name, attributes, scalar, items: [], text: '', weight: 1 })
  }

  #characters(part: string): void {
    const frame = this.#stack.at(-1)
    if (frame?.scalar) frame.text += part
    else if (part.trim() !== '') throw invalid('there is text between elements')
  }

  #close(): void {
    const frame = this.#stack.pop()
    if (!frame) return
    const parent = this.#stack.at(-1)
    if (!parent) {
      this.#result = frame
      return
    }
    const value = this.#valueOf(frame)
    parent.items.push(value)
    parent.weight += frame.weight
    if (parent.weight > this.#limits.values) throw tooLarge(`it holds more than ${this.#limits.values} values`)
  }

  #valueOf(frame: Frame): Value {
    if (frame.scalar) return scalar(frame)
    if (frame.element === 'reference') return this.#resolve(frame)
    const value = container(frame)
    const id = frame.attributes.id
    if (id !== undefined && !(value instanceof Tuple)) this.#known.set(id, { value, weight: frame.weight })
    return value
  }

  #resolve(frame: Frame): Value {
    const target = this.#known.get(frame.attributes.id ?? '')
    if (!target) throw invalid('a <reference> leads to nothing that is complete before it')
    if (target.value instanceof ObjectValue) throw invalid('a <reference> to an <object> is not allowed')
    frame.weight = target.weight
    return target.value
  }
}

const PIECE = 65536

function checkClass(attributes: Readonly<Record<string, string>>): void {
  const { module, class: className } = attributes
  if (module !== CLASS_MODULE || !isClassName(className)) {
    throw invalid(`the class ${module ?? ''}.${className ?? ''} is not allowed`)
  }
}

function scalar({ element, text }: Frame): Value {
  switch (element) {
    case 'string':
    case 'unicode':
      return unescapeText(text)
    case 'none':
      if (text.trim() !== '') throw invalid('<none> holds text')
      return null
    case 'bool':
      if (text !== '0' && text !== '1') throw invalid('<bool> holds neither 0 nor 1')
      return text === '1'
    case 'float':
      if (!/^[-+]?(\d+(\.\d*)?([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?|inf|nan)$/.test(text)) {
        throw invalid('<float> does not hold a number')
      }
      return new Float(text)
    default:
      return integer(element, text)
  }
}

function integer(element: string, text: string): number | bigint {
  // 400 digits: more than any peer sends, and cheap to convert.
  const digits = /^([-+]?)(\d{1,400})L?$/.exec(text)
  if (!digits) throw invalid(`<${element}> does not hold an integer`)
  const value = BigInt(digits[2] ?? '0') * (digits[1] === '-' ? -1n : 1n)
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

function container({ element, items, attributes }: Frame): Value {
  switch (element) {
    case 'tuple':
      return new Tuple(...items)
    case 'list':
      return items
    case 'set':
      return new Set(items)
    case 'dictionary':
      return dictionaryOf(items)
    default:
      return objectOf(attributes.class, items)
  }
}

function dictionaryOf(items: readonly Value[]): Value {
  if (items.length % 2 !== 0) throw invalid('a <dictionary> has a key without a value')
  const entries = new Map<string, Value>()
  for (let i = 0; i < items.length; i += 2) {
    const key = items[i]
    if (typeof key !== 'string') throw invalid('a key of a <dictionary> is not text')
    entries.set(key, items[i + 1] ?? null)
  }
  return entries
}

function objectOf(className: string | undefined, items: readonly Value[]): Value {
  const [constructorArguments, attributes, more] = items
  if (!(constructorArguments instanceof Tuple) || !isDictionary(attributes) || more !== undefined) {
    throw invalid('an <object> must hold one <tuple> and one <dictionary>')
  }
  if (!isClassName(className)) throw invalid('the class of an <object> is not allowed')
  return new ObjectValue(className, constructorArguments, attributes)
}
