import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Outcome } from './check-outcome.ts'

export interface HttpExpectation {
  readonly url: string
  readonly status?: number
  readonly contains?: string
  readonly verify?: boolean
}

const BODY_LIMIT = 1_000_000

/** The address answers with that status, and that text in the first megabyte. Redirects are answers, not followed. */
export async function checkHttp(expected: HttpExpectation, signal: AbortSignal): Promise<Outcome> {
  const { url, status = 200, contains, verify = true } = expected
  let response: IncomingMessage
  try {
    response = await get(url, verify, signal)
  } catch (error) {
    if (signal.aborted) throw error
    const reason = error instanceof Error ? ('code' in error ? String(error.code) : '') || error.message : String(error)
    return { ok: false, message: `${url} does not answer: ${reason}` }
  }
  try {
    if (response.statusCode !== status) {
      return { ok: false, message: `${url} answers ${response.statusCode ?? 0} instead of ${status}` }
    }
    if (contains !== undefined && !(await body(response)).includes(contains)) {
      return { ok: false, message: `${url} answers ${status}, without the text ${JSON.stringify(contains)}` }
    }
    return { ok: true, message: `${url} answers ${status}` }
  } finally {
    response.destroy()
  }
}

function get(url: string, verify: boolean, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const secure = new URL(url).protocol === 'https:'
    const options = { signal, agent: false, headers: { 'user-agent': 'slapos-promise' } } as const
    const request = secure ? requestHttps(url, { ...options, rejectUnauthorized: verify }) : requestHttp(url, options)
    request.on('response', resolve)
    request.on('error', reject)
    request.end()
  })
}

async function body(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue
    chunks.push(chunk)
    size += chunk.length
    if (size >= BODY_LIMIT) break
  }
  return Buffer.concat(chunks).toString('utf8')
}
