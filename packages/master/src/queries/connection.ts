import type { Status } from '../api/panel/schemas/index.ts'
import { isObject, pointedAt } from '../catalog/json-pointer.ts'

const SECRET = /pass(word|wd|phrase)?$|secret|token|private|(^|[-_])key$|credential/i

/** Connection parameters with the names of the response schema; what is missing says why. */
export function connectionOf(
  published: Readonly<Record<string, string>>,
  schema: unknown,
  state: Status,
  shared: boolean,
) {
  const described = propertiesOf(schema)
  const keys = [...new Set([...Object.keys(described), ...Object.keys(published).sort()])]
  const parameters = keys.map((key) => {
    const { title, description, secret } = described[key] ?? { title: '', description: '', secret: false }
    const value = published[key] ?? null
    return {
      key,
      title: title === '' ? key : title,
      description,
      value,
      secret:
        secret || SECRET.test(key) || (value !== null && /^[a-z][a-z0-9+.-]*:\/\/[^/@\s]*:[^/@\s]+@/i.test(value)),
      kind: kindOf(value),
    }
  })
  const complete = Object.keys(published).length > 0 && state.color === 'green'
  const lacking = parameters.some((parameter) => parameter.value === null) || parameters.length === 0
  return { parameters, missing: lacking && !complete ? reasonOf(state, shared) : null }
}

function reasonOf(state: Status, shared: boolean): string {
  const word = state.word.toLowerCase()
  if (word === 'started') return 'Nothing is published yet: the service runs, and has not told its parameters so far.'
  if (word === 'stopped') return 'Not published: the service is stopped.'
  const because = state.reason === '' ? word : `${word}: ${state.reason}`
  return `Not published yet. The ${shared ? 'slave' : 'service'} is ${because}.`
}

function kindOf(value: string | null): 'text' | 'link' | 'lines' {
  if (value === null) return 'text'
  if (/^https?:\/\/\S+$/.test(value)) return 'link'
  return value.includes('\n') || value.length > 300 ? 'lines' : 'text'
}

interface Described {
  readonly title: string
  readonly description: string
  readonly secret: boolean
}

/** Described names, those of parts (`$ref` inside the schema, `allOf` and its like) included. */
function propertiesOf(schema: unknown): Readonly<Record<string, Described>> {
  const found: Record<string, Described> = {}
  const seen = new Set<unknown>()
  const collect = (part: unknown): void => {
    if (!isObject(part) || seen.has(part)) return
    seen.add(part)
    const { properties, $ref } = part
    for (const [key, value] of Object.entries(isObject(properties) ? properties : {})) {
      if (Object.hasOwn(found, key)) continue
      Object.defineProperty(found, key, { value: describedIn(value), enumerable: true })
    }
    if (typeof $ref === 'string' && $ref.startsWith('#')) collect(pointedAt(schema, $ref.slice(1)))
    for (const parts of [part['allOf'], part['anyOf'], part['oneOf']]) if (Array.isArray(parts)) parts.forEach(collect)
  }
  collect(schema)
  return found
}

const describedIn = (value: unknown): Described => ({
  title: textOf(fieldOf(value, 'title')),
  description: textOf(fieldOf(value, 'description')),
  secret: fieldOf(value, 'format') === 'password' || fieldOf(value, 'writeOnly') === true,
})

const fieldOf = (value: unknown, key: string): unknown => (isObject(value) ? value[key] : undefined)
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
