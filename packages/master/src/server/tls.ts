import { createServer as createHttp, type Server } from 'node:http'
import { createSecureServer, type Http2SecureServer } from 'node:http2'
import { createServer as createHttps } from 'node:https'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { FastifyServerFactory } from 'fastify'
import type { ServerKeyPair } from '../identity/ca/server-certificate.ts'

const VERSIONS = { minVersion: 'TLSv1.2' } as const

/** A listener's server, and how its certificate is exchanged while it runs. */
export interface Listener {
  readonly factory: FastifyServerFactory
  /** Handshakes from now on use it; open connections stay. */
  renew(pair: ServerKeyPair): void
  /** Ends what `close` of the server leaves open. */
  destroyAll(): void
}

/**
 * Asks for client certificates and verifies their chain; an anonymous client may still speak to public addresses. Each
 * connection is told when its handshake is done: one that asks for nothing yet must be known too.
 */
export function apiListener(
  pair: ServerKeyPair,
  trusted: readonly string[],
  onConnection: (socket: TLSSocket) => void,
): Listener {
  const context = (current: ServerKeyPair) => ({ ...VERSIONS, ...current, ca: [...trusted] })
  let server: ReturnType<typeof createHttps> | undefined
  return {
    factory: (handler) => {
      server = createHttps({ ...context(pair), requestCert: true, rejectUnauthorized: false }, handler)
      server.on('secureConnection', onConnection)
      return tuned(server)
    },
    renew: (next) => server?.setSecureContext(context(next)),
    destroyAll: () => server?.closeAllConnections(),
  }
}

/** HTTP/2 for browsers (many requests, one connection), HTTP/1.1 for everybody else. */
export function webTlsListener(pair: ServerKeyPair): Listener {
  let server: Http2SecureServer | undefined
  const sockets = new Set<Socket>()
  return {
    factory: (handler) => {
      server = createSecureServer({ ...VERSIONS, ...pair, allowHTTP1: true })
      server.on('connection', (socket: Socket) => {
        sockets.add(socket)
        socket.once('close', () => sockets.delete(socket))
      })
      // The compatibility layer of node:http2 gives the same request and answer objects as node:http, which is all
      // that Fastify uses of its server.
      server.on('request', handler as unknown as Parameters<Http2SecureServer['on']>[1])
      return server as unknown as Server
    },
    renew: (next) => server?.setSecureContext({ ...VERSIONS, ...next }),
    destroyAll: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}

export function webPlainListener(): Listener {
  let server: Server | undefined
  return {
    factory: (handler) => {
      server = createHttp(handler)
      return tuned(server)
    },
    renew: () => {},
    destroyAll: () => server?.closeAllConnections(),
  }
}

/** Clients that poll each minute keep their connection. */
function tuned<S extends Server>(server: S): S {
  server.keepAliveTimeout = 75_000
  server.headersTimeout = 30_000
  server.requestTimeout = 120_000
  return server
}
