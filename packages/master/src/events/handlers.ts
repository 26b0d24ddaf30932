import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../domain/cloud.ts'
import type { EventHub } from './hub.ts'

/** Turns a request into an endless answer, until `valid` says no; both HTTP versions. Throws LIMIT_REACHED. */
export async function openStream(
  request: FastifyRequest,
  reply: FastifyReply,
  hub: EventHub,
  caller: Caller,
  valid?: () => Promise<boolean>,
): Promise<void> {
  const streaming = caller.kind === 'computer' || caller.kind === 'person' ? caller : undefined
  if (streaming) hub.admit(streaming, await hub.mostStreams(streaming))
  const header = request.headers['last-event-id']
  const lastEventId = typeof header === 'string' && header !== '' ? header.slice(0, 100) : undefined
  reply.hijack()
  const { raw } = reply
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value)
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // Reverse proxies that gather answers would turn "at once" into "at the end".
    'x-accel-buffering': 'no',
  })
  if (caller.kind === 'computer') hub.openNode(caller.computer, lastEventId, raw)
  else if (caller.kind === 'person') hub.openPerson(caller, lastEventId, raw, valid)
  else raw.end()
}
