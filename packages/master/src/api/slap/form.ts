import type { Form } from '@slapos/slap'
import type { FastifyInstance } from 'fastify'
import { surfaceErrors } from './errors.ts'

/** Largest request body, bytes: a format of 1000 partitions is about 2 MB. */
export const BODY_LIMIT = 4 * 1024 * 1024
const FIELD_LIMIT = 100

/** From now on, within this plugin, bodies are forms and nothing else. */
export function acceptForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const options = { parseAs: 'string', bodyLimit: BODY_LIMIT } as const
  app.addContentTypeParser('application/x-www-form-urlencoded', options, (_request, body, done) => {
    try {
      done(null, parseForm(String(body)))
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
    }
  })
}

/** Strict: valid escapes, valid UTF-8, each field once. Throws BODY_UNREADABLE. */
export function parseForm(body: string): Form {
  const fields = new Map<string, string>()
  for (const pair of body === '' ? [] : body.split('&')) {
    const cut = pair.indexOf('=')
    const name = decode(cut < 0 ? pair : pair.slice(0, cut))
    if (fields.has(name)) throw surfaceErrors.BODY_UNREADABLE({ reason: `the field ${name} comes twice` })
    fields.set(name, cut < 0 ? '' : decode(pair.slice(cut + 1)))
    if (fields.size > FIELD_LIMIT) throw surfaceErrors.BODY_UNREADABLE({ reason: `it has over ${FIELD_LIMIT} fields` })
  }
  return Object.fromEntries(fields)
}

/** The fields of a request: its body's, or none when it has no body. */
export function formOf(body: unknown): Form {
  return isForm(body) ? body : {}
}

export function required(fields: Form, field: string): string {
  const value = fields[field]
  if (!value) throw surfaceErrors.FIELD_MISSING({ field })
  return value
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw surfaceErrors.BODY_UNREADABLE({ reason: 'an escape in it is not UTF-8' })
  }
}

function isForm(body: unknown): body is Form {
  return typeof body === 'object' && body !== null && Object.values(body).every((value) => typeof value === 'string')
}
