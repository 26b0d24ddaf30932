import { isIP } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { serverErrors } from './errors.ts'

export interface GuardOptions {
  /** Without TLS nothing but the name tells a browser whom it speaks to. */
  readonly tls: boolean
  /** Names, beside addresses and localhost, under which people reach this Master. */
  readonly names: () => ReadonlySet<string>
}

/** What a browser should hold to, whatever is answered. */
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
} as const

/** What is no page runs nothing and shows nothing, also when a browser is led to open it. */
const NO_PAGE = "default-src 'none'; frame-ancestors 'none'"

/**
 * The web side towards browsers. A page of elsewhere whose name was made to mean our address (DNS rebinding) sends its
 * own name: over plain HTTP only names that are ours are answered; over TLS the certificate says so.
 */
export function guardWeb(app: FastifyInstance, { tls, names }: GuardOptions): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(HEADERS)
    const host = nameIn(request.headers.host ?? '')
    if (tls || isIP(host) !== 0 || /(^|\.)localhost$/.test(host) || names().has(host)) done()
    else done(serverErrors.HOST_UNKNOWN({ host: host.slice(0, 200) }))
  })
  app.addHook('onSend', async (request, reply) => {
    // Workers take their policy from their own file.
    if (!reply.hasHeader('content-security-policy') && !request.url.startsWith('/assets/')) {
      reply.header('content-security-policy', NO_PAGE)
    }
  })
}

/** A proxy on the same machine speaks for others: who asks is then not local, whatever his address looks like. */
export const wasForwarded = ({ headers }: FastifyRequest): boolean =>
  headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined || headers['via'] !== undefined

/** `[::1]:443`, `cloud.example:443` without the port, lower case. */
const nameIn = (host: string): string =>
  host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
