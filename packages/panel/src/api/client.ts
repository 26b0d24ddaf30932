import createClient, { type Middleware } from 'openapi-fetch'
import type { Me, paths } from './generated/schema.ts'

/** A refusal of the Master, in its own words. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly next: string
  readonly params: Readonly<Record<string, unknown>>

  constructor(
    status: number,
    code: string,
    message: string,
    next: string,
    params: Readonly<Record<string, unknown>> = {},
  ) {
    super(message)
    this.status = status
    this.code = code
    this.next = next
    this.params = params
  }
}

let csrf = ''

/** Every change carries the CSRF text of the session. */
export function rememberSession(me: Pick<Me, 'csrf'> | undefined): void {
  csrf = me?.csrf ?? ''
}

const session: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET') request.headers.set('x-csrf-token', csrf)
    return request
  },
}

const client = createClient<paths>({ baseUrl: '', credentials: 'same-origin' })
client.use(session)
export const api = client

/** The data of an answer, or the Master's refusal as an exception. */
export async function answer<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let result: { data?: T; error?: unknown; response: Response }
  try {
    result = await call
  } catch {
    throw new Problem(0, 'OFFLINE', 'The Master does not answer', '')
  }
  if (result.response.ok && result.data !== undefined) return result.data
  throw toProblem(result.response.status, result.error)
}

function toProblem(status: number, body: unknown): Problem {
  const fields: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {}
  const inner = fields['error']
  if (typeof inner === 'object' && inner !== null) return toProblem(status, inner)
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '')
  const message = text('message') || (typeof body === 'string' && body !== '' ? body : `HTTP ${status}`)
  const params = fields['params']
  const known = typeof params === 'object' && params !== null ? { ...params } : {}
  return new Problem(status, text('code') || text('error'), message, text('next'), known)
}
