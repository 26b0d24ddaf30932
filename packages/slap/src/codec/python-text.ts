import { Float, isDictionary, ObjectValue, Tuple, type Value } from './value.ts'

/**
 * A value as Python's `str()` prints it: what existing Masters make of parameters that are not texts. Objects have no
 * such text: undefined, also when one is nested.
 */
export function pythonText(value: Value): string | undefined {
  return typeof value === 'string' ? value : represent(value)
}

function represent(value: Value): string | undefined {
  if (value === null) return 'None'
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (value instanceof Float) return value.text
  if (value instanceof ObjectValue) return undefined
  if (value instanceof Tuple) return joined(value.items, '(', value.items.length === 1 ? ',)' : ')')
  if (value instanceof Set) return value.size === 0 ? 'set()' : joined([...value], '{', '}')
  if (isDictionary(value)) return dictionaryText(value)
  return Array.isArray(value) ? joined(value, '[', ']') : undefined
}

function joined(items: readonly Value[], open: string, close: string): string | undefined {
  const texts = items.map(represent)
  return texts.includes(undefined) ? undefined : `${open}${texts.join(', ')}${close}`
}

function dictionaryText(entries: ReadonlyMap<string, Value>): string | undefined {
  const texts = [...entries].map(([key, item]) => {
    const text = represent(item)
    return text === undefined ? undefined : `${quote(key)}: ${text}`
  })
  return texts.includes(undefined) ? undefined : `{${texts.join(', ')}}`
}

/** Single quotes, unless only double ones spare an escape. */
function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  return `${mark}${text.replace(UNQUOTABLE, (character) => escapeCharacter(character, mark))}${mark}`
}

/** What Python holds for not printable, and the characters that stand for something within quotes. */
const UNQUOTABLE = /[\\'"]|(?! )[\p{C}\p{Z}]/gu

function escapeCharacter(character: string, mark: string): string {
  if (character === '\\') return '\\\\'
  if (character === "'" || character === '"') return character === mark ? `\\${character}` : character
  const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character]
  if (short !== undefined) return short
  const code = character.codePointAt(0) ?? 0
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
}
