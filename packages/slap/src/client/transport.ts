import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { masterClientErrors } from '../errors.ts'
import { kindOfStatus, MasterError, type MasterErrorDetails } from './master-error.ts'

export interface ClientTls {
  /** PEM. Absent: no client certificate is presented. */
  readonly key?: string
  readonly cert?: string
  /** PEM. Given: the server is verified against exactly this. Absent: against the authorities of the system. */
  readonly ca?: string
  /** False verifies nothing, as classic clients do. Default true. */
  readonly verify?: boolean
}

export interface TransportOptions {
  /** Of the Master; `http:` is for `slapos proxy` and tests. */
  readonly url: string
  readonly tls?: ClientTls
  readonly userAgent?: string
  /** For a whole exchange, milliseconds. Default 60 s, as classic clients. */
  readonly timeoutMs?: number
  /** For TCP and TLS together, milliseconds. Default 8 s: who waits at a terminal hears of it within ten. */
  readonly connectTimeoutMs?: number
  /** Longest answer read, bytes. Default 64 MiB. */
  readonly maxBytes?: number
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Relative to the Master's URL. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /**
   * For calls that are answered at once: a kept connection without a byte for so long, milliseconds, leads nowhere (a router
   * forgot it), and the call is repeated on a new one.
   */
  readonly silenceMs?: number
  /** Statuses beside 2xx that are answers, not errors. */
  readonly accept?: readonly number[]
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface Transport {
  readonly url: string
  send(call: Call): Promise<Answer>
  /** On a connection of its own. Resolves with the headers of a 2xx answer; the caller reads the body and destroys it. */
  stream(call: Call, signal: AbortSignal): Promise<IncomingMessage>
  /** Ends every connection; calls under way fail as unreachable. */
  close(): void
}

/** HTTP over kept-alive connections. (The built-in `fetch` cannot present a client certificate.) */
export function createTransport(options: TransportOptions): Transport {
  const base = parseMasterUrl(options.url)
  const secure = base.protocol === 'https:'
  const createAgent = () => (secure ? new HttpsAgent({ ...POOL, ...tlsOptions(options.tls) }) : new HttpAgent(POOL))
  const agent = createAgent()
  const streamAgent = createAgent()
  let streamed = false
  const { timeoutMs = 60_000, connectTimeoutMs = 8_000, maxBytes = 64 * 1024 * 1024, userAgent = 'slapos' } = options

  /** Whatever broke one connection may have broken those that wait as well. */
  const dropKept = () => {
    for (const kept of Object.values(agent.freeSockets)) for (const socket of kept ?? []) socket.destroy()
  }

  const open = (call: Call, signal: AbortSignal, through = agent): Promise<IncomingMessage> => {
    const target = new URL(call.path, base)
    for (const [name, value] of Object.entries(call.query ?? {})) target.searchParams.append(name, value)
    const headers = {
      accept: '*/*',
      'user-agent': userAgent,
      ...(call.body !== undefined && { 'content-length': Buffer.byteLength(call.body) }),
      ...call.headers,
    }
    const settings: RequestOptions = { agent: through, method: call.method, headers, signal }
    return new Promise((resolve, reject) => {
      const request = secure ? httpsRequest(target, settings, resolve) : httpRequest(target, settings, resolve)
      limitConnecting(request, secure ? 'secureConnect' : 'connect', connectTimeoutMs)
      request.on('error', (error) => {
        const stale = request.reusedSocket && (isReset(error) || error instanceof Silence)
        reject(stale ? new StaleConnection() : error)
      })
      const { silenceMs } = call
      if (silenceMs !== undefined) request.setTimeout(silenceMs, () => request.destroy(new Silence(silenceMs)))
      request.end(call.body)
    })
  }
  /** A kept connection may have been closed by the other side as we wrote, or forgotten on the way: once more, on a new one. */
  const openSafely = (call: Call, signal: AbortSignal) =>
    open(call, signal).catch((error: unknown) => {
      if (!(error instanceof StaleConnection)) throw error
      dropKept()
      return open(call, signal)
    })
  const failure = (call: Call, error: unknown, waitedMs = timeoutMs): MasterError => {
    if (error instanceof MasterError) return error
    const reason = reasonOf(error, waitedMs)
    return new MasterError(
      isTrust(error) ? 'untrusted' : 'unreachable',
      { call: call.path, url: base.href, reason },
      error,
    )
  }
  const refuse = (call: Call, response: IncomingMessage, body: string): MasterError =>
    errorOfAnswer({ call: call.path, url: base.href }, response, body)

  return {
    url: base.href,
    async send(call) {
      const signal = AbortSignal.timeout(timeoutMs)
      try {
        const response = await openSafely(call, signal)
        const body = await readBody(response, maxBytes)
        const status = response.statusCode ?? 0
        if (isSuccess(status) || call.accept?.includes(status)) return { status, headers: response.headers, body }
        throw refuse(call, response, body)
      } catch (error) {
        throw failure(call, error)
      }
    },
    async stream(call, signal) {
      const waitMs = Math.min(timeoutMs, STREAM_OPENS_MS)
      const opening = new AbortController()
      const timer = setTimeout(() => opening.abort(new DOMException('', 'TimeoutError')), waitMs)
      try {
        // Another one after a first: that one broke.
        if (streamed) dropKept()
        streamed = true
        const alone = { ...call, headers: { ...call.headers, connection: 'close' } }
        const response = await open(alone, AbortSignal.any([signal, opening.signal]), streamAgent)
        if (isSuccess(response.statusCode ?? 0)) return response
        throw refuse(call, response, await readBody(response, maxBytes))
      } catch (error) {
        throw failure(call, error, waitMs)
      } finally {
        clearTimeout(timer)
      }
    },
    close() {
      agent.destroy()
      streamAgent.destroy()
    },
  }
}

/** With a trailing slash; a bare IPv6 host gets its brackets. Throws MASTER_URL_INVALID. */
export function parseMasterUrl(text: string): URL {
  const bracketed = text.trim().replace(/^(https?:\/\/)([0-9a-f]*:[0-9a-f:.]*:[0-9a-f.]*)(?=\/|$)/i, '$1[$2]')
  const url = URL.parse(bracketed.endsWith('/') ? bracketed : `${bracketed}/`)
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw masterClientErrors.MASTER_URL_INVALID({ url: text })
  }
  return url
}

/** Who offers a stream begins it at once. */
const STREAM_OPENS_MS = 20_000

const POOL = { keepAlive: true, maxSockets: 16, maxFreeSockets: 4 } as const

function limitConnecting(request: ClientRequest, connected: string, limitMs: number): void {
  request.once('socket', (socket) => {
    if (request.reusedSocket) return
    const late = () => request.destroy(new Error(`no connection within ${limitMs / 1000} s`))
    const timer = setTimeout(late, limitMs)
    const clear = () => clearTimeout(timer)
    socket.once(connected, clear).once('close', clear)
  })
}

class StaleConnection extends Error {}

class Silence extends Error {
  constructor(milliseconds: number) {
    super(`no byte for ${milliseconds / 1000} s`)
  }
}

function tlsOptions({ key, cert, ca, verify = true }: ClientTls = {}) {
  return {
    ...(key !== undefined && { key }),
    ...(cert !== undefined && { cert }),
    ...(ca !== undefined && { ca }),
    rejectUnauthorized: verify,
  }
}

const isSuccess = (status: number) => status >= 200 && status < 300

async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of response) {
    size += part.length
    if (size > maxBytes) {
      response.destroy()
      throw new Error(`the answer exceeds ${maxBytes} bytes`)
    }
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function errorOfAnswer(at: { call: string; url: string }, response: IncomingMessage, text: string): MasterError {
  const answered = response.statusCode ?? 0
  const body = text.slice(0, 65_536)
  const details: MasterErrorDetails = { ...at, ...explanation(response, body), answered, body }
  const seconds = Number(response.headers['retry-after'])
  const wait = Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {}
  return new MasterError(kindOfStatus(answered), { ...details, ...wait })
}

/** Our Master explains itself: as JSON, or as one line with a header that names the error. Others say what they like. */
function explanation(response: IncomingMessage, body: string): { readonly reason: string; readonly advice?: string } {
  const type = response.headers['content-type'] ?? ''
  const said = body.trim().slice(0, 1000)
  if (type.includes('json')) {
    const { message, next } = jsonFields(body)
    if (typeof message === 'string') return { reason: message, advice: typeof next === 'string' ? next : '' }
  }
  if (response.headers['x-slapos-error'] !== undefined && said !== '') return { reason: said, advice: '' }
  return { reason: (type.includes('html') ? '' : said) || response.statusMessage || `status ${response.statusCode}` }
}

function jsonFields(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const isReset = (error: unknown) => codeOf(error) === 'ECONNRESET' || codeOf(error) === 'EPIPE'

/** Codes with which OpenSSL and Node refuse a server's certificate. */
const isTrust = (error: unknown) =>
  /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT|INVALID_CA|HOSTNAME_MISMATCH)/.test(codeOf(error))

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? error.cause : error
  if (cause.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`
  if (error instanceof AggregateError) return error.errors.map((one) => reasonOf(one, timeoutMs)).join(', ')
  return cause.message || codeOf(cause) || cause.name
}
