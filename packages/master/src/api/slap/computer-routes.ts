import { type ComputerDocument, type Form, writeComputer, writeComputerPartition } from '@slapos/slap'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../../domain/cloud.ts'
import { cached, matches, sendXml, XML } from './answers.ts'
import { ComputerCache, type EncodedDocument } from './computer-cache.ts'
import { required } from './form.ts'
import type { SlapOptions } from './options.ts'

/** What nodes poll: the whole computer, and one partition of it. */
export function computerRoutes(app: FastifyInstance, { cloud, identify }: SlapOptions): void {
  const cache = new ComputerCache()

  const full = (request: FastifyRequest<{ Querystring: Form }>, reply: FastifyReply) => {
    const caller = identify(request)
    const computer = required(request.query, 'computer_id')
    if (caller.kind === 'instance') return ownPartition(caller, computer, reply)
    if (caller.kind !== 'computer' || caller.computer !== computer) return asSeenBy(caller, computer, request, reply)
    cloud.nodes.contacted(computer, request.ip)
    // The common case, without any wait: the node asks for itself and nothing changed.
    const revision = cloud.nodes.revision(computer)
    const known = cache.find(computer, revision)
    return known ? sendDocument(known, request, reply) : encodeAndSend(caller, computer, revision, request, reply)
  }

  async function encodeAndSend(
    caller: Caller,
    computer: string,
    revision: number,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const document = await cache.encode(computer, revision, async () =>
      writeComputer((await cloud.nodes.document(caller, computer)).value),
    )
    return sendDocument(document, request, reply)
  }

  /** Others have their rights checked by the domain at every request. */
  async function asSeenBy(caller: Caller, computer: string, request: FastifyRequest, reply: FastifyReply) {
    const revision = cloud.nodes.revision(computer)
    const { value } = await cloud.nodes.document(caller, computer)
    const known = cache.find(computer, revision)
    return sendDocument(
      known ?? (await cache.encode(computer, revision, async () => writeComputer(value))),
      request,
      reply,
    )
  }

  /** An instance sees its own partition and no software. */
  async function ownPartition(caller: Extract<Caller, { kind: 'instance' }>, computer: string, reply: FastifyReply) {
    const own = await cloud.instances.get(caller, caller.instance)
    const document: ComputerDocument = { computerId: computer, partitions: [], installations: [] }
    if (own.computer !== computer || own.partition === null) return sendXml(reply, writeComputer(document), 'document')
    const { value } = await cloud.nodes.partition(caller, computer, own.partition)
    return sendXml(reply, writeComputer({ ...document, partitions: [value] }), 'document')
  }

  app.get<{ Querystring: Form }>('/getFullComputerInformation', full)
  app.get<{ Querystring: Form }>('/getComputerInformation', full)

  app.get<{ Querystring: Form }>('/registerComputerPartition', async (request, reply) => {
    const caller = identify(request)
    const computer = required(request.query, 'computer_reference')
    const partition = required(request.query, 'computer_partition_reference')
    const { value } = await cloud.nodes.partition(caller, computer, partition)
    return sendXml(reply, writeComputerPartition(value), 'document')
  })
}

function sendDocument({ etag, body }: EncodedDocument, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  cached(reply, 'document').header('etag', etag)
  return matches(request.headers['if-none-match'], etag) ? reply.code(304).send() : reply.type(XML).send(body)
}
