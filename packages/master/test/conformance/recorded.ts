import { readFileSync } from 'node:fs'
import type { Call } from '@slapos/slap'
import { Float, isDictionary, ObjectValue, Tuple, unmarshal, type Value } from '@slapos/slap'

/** The exchanges that were recorded between the existing client, node and Master. */
export const recorded = (name: string): string =>
  readFileSync(new URL(`../../../slap/src/golden/${name}`, import.meta.url), 'utf8').trimEnd()

/** The decoded fields of a recorded form. */
export const fieldsOf = (name: string): Readonly<Record<string, string>> => JSON.parse(recorded(name)).fields

export interface Exchange {
  readonly call: Call
  readonly status: number
  readonly body: string
}

/** A raw exchange: comments, request, response. The request is sent as it stands, save host and length. */
export function exchangeOf(name: string): Exchange {
  const [asked = '', answered = ''] = recorded(name).replaceAll('\r', '').split('\n# ---- response ----\n')
  const request = parse(asked.replace(/^(#.*\n)+/, ''))
  const response = parse(answered)
  const [method = '', path = ''] = request.first.split(' ')
  const { host: _host, 'content-length': _length, 'accept-encoding': _encoding, ...headers } = request.headers
  if (method !== 'GET' && method !== 'POST') throw new Error(`${name} begins with ${request.first}`)
  return {
    call: { method, path, headers, ...(method === 'POST' && { body: request.body.trim() }) },
    status: Number(response.first.split(' ')[1]),
    body: response.body,
  }
}

function parse(message: string) {
  const [head = '', ...rest] = message.split('\n\n')
  const [first = '', ...lines] = head.split('\n')
  const headers = lines.map((line) => {
    const cut = line.indexOf(': ')
    return [line.slice(0, cut).toLowerCase(), line.slice(cut + 2)] as const
  })
  return { first, headers: Object.fromEntries(headers), body: rest.join('\n\n') }
}

/** A marshalled document as JSON: classes and tuples keep their names. */
export const plain = (xml: string): unknown => simple(unmarshal(xml))

function simple(value: Value): unknown {
  if (value instanceof Float) return Number(value.text)
  if (value instanceof Tuple) return { $tuple: value.items.map(simple) }
  if (value instanceof ObjectValue) {
    return { $class: value.className, $arguments: simple(value.arguments), ...Object(simple(value.attributes)) }
  }
  if (isDictionary(value)) return Object.fromEntries([...value].map(([key, item]) => [key, simple(item)]))
  return Array.isArray(value) ? value.map(simple) : value
}

/** Where `ours` lacks or changes what was recorded: `path: theirs -> ours`. What ours has beyond it is no difference. */
export function differences(theirs: unknown, ours: unknown, path = ''): readonly string[] {
  if (isObject(theirs) && isObject(ours)) {
    return Object.entries(theirs).flatMap(([key, item]) => {
      const at = path === '' ? key : `${path}.${key}`
      return key in ours ? differences(item, ours[key], at) : `${at}: absent`
    })
  }
  if (Array.isArray(theirs) && Array.isArray(ours) && theirs.length === ours.length) {
    return theirs.flatMap((item, index) => differences(item, ours[index], `${path}[${index}]`))
  }
  const [a, b] = [JSON.stringify(theirs), JSON.stringify(ours)]
  return a === b ? [] : [`${path}: ${a} -> ${b}`]
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
