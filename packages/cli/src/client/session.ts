import { createSlapClient, createTransport, type SlapClient, type Transport } from '@slapos/slap'
import type { Io } from '../io.ts'
import { type ClientConfig, readClientConfig } from './config.ts'
import { findClientConfig } from './config-path.ts'

/** A configured client: the classic API, and the panel's JSON API, which the Master offers to the same certificate. */
export interface ClientSession extends Disposable {
  readonly config: ClientConfig
  readonly slap: SlapClient
  /** GET under `/api/v1/`; the answer is JSON of the documented shape (`/api/v1/openapi.json`). */
  get(path: string, query?: Readonly<Record<string, string>>): Promise<unknown>
  post(path: string, value: unknown): Promise<unknown>
  delete(path: string): Promise<void>
  /** Yields whenever the Master has news for this person, until the signal aborts or the connection ends. */
  changes(signal: AbortSignal): AsyncGenerator<void>
}

export interface ClientOptions {
  readonly cfg?: string
  readonly json?: boolean
}

export async function openSession(io: Io, options: ClientOptions): Promise<ClientSession> {
  const config = await readClientConfig(findClientConfig(options.cfg, io.environment))
  const connection = {
    url: config.masterUrl,
    tls: {
      key: config.key,
      cert: config.certificate,
      ...(config.ca === undefined ? { verify: false } : { ca: config.ca }),
    },
    userAgent: 'slapos-client',
  }
  const transport = createTransport(connection)
  const slap = createSlapClient(connection)
  return {
    config,
    slap,
    get: async (path, query = {}) => parse(await send(transport, { method: 'GET', path: `api/v1/${path}`, query })),
    post: async (path, value) =>
      parse(
        await send(transport, {
          method: 'POST',
          path: `api/v1/${path}`,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(value),
        }),
      ),
    delete: async (path) => void (await send(transport, { method: 'DELETE', path: `api/v1/${path}` })),
    async *changes(signal) {
      const headers = { accept: 'text/event-stream' }
      const response = await transport.stream({ method: 'GET', path: 'api/v1/events', headers }, signal)
      for await (const _piece of response) yield
    },
    [Symbol.dispose]() {
      transport.close()
      slap.close()
    },
  }
}

async function send(transport: Transport, call: Parameters<Transport['send']>[0]): Promise<string> {
  return (await transport.send(call)).body
}

const parse = (body: string): unknown => (body === '' ? undefined : JSON.parse(body))
