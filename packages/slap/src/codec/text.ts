import { slapErrors } from '../errors.ts'

const PLAIN = /^[\t\n\x20-\x25\x27-\x3b\x3d\x3f-\x7f]*$/
const SPECIAL = /[^\t\n\x20-\x25\x27-\x3b\x3d\x3f-\x7f]/gu
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML cannot carry
const UNREPRESENTABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/gu

/**
 * Text as it stands inside a marshalled element: escaped twice, because peers unescape once more after XML parsing, and
 * ASCII only, because some of them ignore the charset. Throws MARSHAL_UNWRITABLE for characters outside XML 1.0.
 */
export function escapeText(text: string): string {
  return PLAIN.test(text) ? text : text.replace(SPECIAL, escapeCharacter)
}

/** The second unescaping, done on what the XML parser returned. */
export function unescapeText(text: string): string {
  if (!text.includes('&')) return text
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

/** Text without the characters that XML cannot carry: for error logs and messages of programs. */
export const stripUnrepresentable = (text: string): string => text.replace(UNREPRESENTABLE, '')

/** True when XML can carry the text. */
export const isRepresentable = (text: string): boolean => text.search(UNREPRESENTABLE) < 0

/** Order of code points, in which peers sort keys; JavaScript's own order differs beyond U+FFFF. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    const surrogates = Number(isSurrogate(x)) - Number(isSurrogate(y))
    return surrogates !== 0 && x >= 0xd800 && y >= 0xd800 ? surrogates : x - y
  }
  return a.length - b.length
}

const isSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdfff

function escapeCharacter(character: string): string {
  if (character === '&') return '&amp;amp;'
  if (character === '<') return '&amp;lt;'
  if (character === '>') return '&amp;gt;'
  const code = character.codePointAt(0) ?? 0
  if ((code < 0x20 && code !== 0x0d) || (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff) {
    throw slapErrors.MARSHAL_UNWRITABLE({ text: 'a text', code: code.toString(16).toUpperCase().padStart(4, '0') })
  }
  return `&#${code};`
}
