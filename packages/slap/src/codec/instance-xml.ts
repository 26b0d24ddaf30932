import { messageOf } from '@slapos/base'
import { SaxesParser } from 'saxes'
import { slapErrors } from '../errors.ts'
import { type Limits, measure, withDefaults } from './limits.ts'
import { compareCodePoints, isRepresentable } from './text.ts'

/**
 * The stored and pasted form of parameters:
 * `<instance><parameter id="key">text</parameter></instance>`, single escaping, UTF-8.
 */
export function writeInstanceXml(parameters: Readonly<Record<string, string>>): string {
  const keys = Object.keys(parameters).sort(compareCodePoints)
  if (keys.length === 0) return `${DECLARATION}<instance/>\n`
  const lines = keys.map((key) => `  <parameter id="${attribute(key)}">${content(parameters[key] ?? '')}</parameter>\n`)
  return `${DECLARATION}<instance>\n${lines.join('')}</instance>\n`
}

/**
 * Reads it back. An empty value is null, as peers see it; repeated ids are joined with a space; elements other than
 * direct `parameter` children are passed over. Empty text is an empty dictionary. Throws INSTANCE_XML_INVALID.
 */
export function readInstanceXml(text: string, limits: Partial<Limits> = {}): Readonly<Record<string, string | null>> {
  const bounds = withDefaults(limits)
  measure(text, bounds)
  if (text.trim() === '') return {}
  const found = new Map<string, string | null>()
  try {
    parse(text, bounds, (id, value) => {
      const before = found.get(id)
      found.set(id, before == null ? value : value === null ? before : `${before} ${value}`)
    })
  } catch (error) {
    throw slapErrors.INSTANCE_XML_INVALID({ reason: messageOf(error) }, error)
  }
  return Object.fromEntries(found)
}

const DECLARATION = "<?xml version='1.0' encoding='utf-8'?>\n"

function parse(text: string, limits: Limits, add: (id: string, value: string | null) => void): void {
  const parser = new SaxesParser({ xmlns: false, defaultXMLVersion: '1.0', forceXMLVersion: true, position: false })
  let depth = 0
  let current: string | undefined
  let value = ''
  parser.on('error', (error) => {
    throw error
  })
  parser.on('doctype', () => {
    throw new Error('a DOCTYPE is not allowed')
  })
  parser.on('opentag', ({ name, attributes }) => {
    depth++
    if (depth > limits.depth) throw new Error(`it is nested deeper than ${limits.depth} levels`)
    if (depth === 1 && name !== 'instance') throw new Error(`the outermost element is <${name}>`)
    if (depth !== 2 || name !== 'parameter') return
    if (attributes.id === undefined) throw new Error('a <parameter> has no id')
    current = attributes.id
    value = ''
  })
  parser.on('text', (part) => {
    if (depth === 2) value += part
  })
  parser.on('cdata', (part) => {
    if (depth === 2) value += part
  })
  parser.on('closetag', () => {
    if (depth === 2 && current !== undefined) {
      add(current, value === '' ? null : value)
      current = undefined
    }
    depth--
  })
  parser.write(text).close()
}

function content(text: string): string {
  if (!isRepresentable(text)) throw slapErrors.INSTANCE_XML_INVALID({ reason: 'a text holds a control character' })
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;')
}

const attribute = (text: string) =>
  content(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')
