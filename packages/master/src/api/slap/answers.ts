import type { FastifyReply } from 'fastify'

/** Marshalled documents: clients read the body as Latin-1 unless the charset is said. */
export const XML = 'text/xml; charset=utf-8'
export const TEXT = 'text/plain; charset=utf-8'

/** How long others may keep an answer, as existing Masters say it. */
const CACHE = {
  document: 'public, max-age=1, stale-if-error=604800',
  certificate: 'public, max-age=0, must-revalidate',
  status: 'public, max-age=60, stale-if-error=604800',
  address: 'public, max-age=3600, stale-if-error=604800',
} as const

export type Caching = keyof typeof CACHE

export function sendXml(reply: FastifyReply, xml: string | Buffer, caching?: Caching): FastifyReply {
  if (caching !== undefined) cached(reply, caching).header('last-modified', new Date().toUTCString())
  return reply.type(XML).send(xml)
}

/** The answer depends on the certificate, which no shared cache may ignore. */
export function cached(reply: FastifyReply, caching: Caching): FastifyReply {
  return reply.header('cache-control', CACHE[caching]).header('vary', 'REMOTE_USER')
}

export const sendText = (reply: FastifyReply, text: string): FastifyReply => reply.type(TEXT).send(text)

/** `If-None-Match` names this tag, weakly or not, or anything. */
export const matches = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch?.split(',').some((one) => [etag, '*'].includes(one.trim().replace(/^W\//, ''))) ?? false
