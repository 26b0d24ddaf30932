import { messageOf } from '@slapos/base'
import { type Capabilities, EXTENSION_PATH, type Position, parsePosition } from '@slapos/slap'
import { Ajv } from 'ajv'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Caller } from '../../domain/cloud.ts'
import { masterErrors } from '../../errors.ts'
import type { TypeBoxProvider } from '../panel/typebox-provider.ts'
import { surfaceErrors } from '../slap/errors.ts'
import { failureOf } from '../slap/failures.ts'
import { BODY_LIMIT } from '../slap/form.ts'
import { Allowance } from './allowance.ts'
import { KnownPositions } from './known-positions.ts'
import type { NodeOptions } from './options.ts'
import { CertificateBody, PartitionPath, Since, SlavePublicationBody, TelemetryBody } from './schemas.ts'

export type { NodeOptions } from './options.ts'

const SYSTEM = { kind: 'system' } as const

/** The node extension (@slapos/slap, extension.ts). To be registered without a prefix. */
export const nodeSurface: FastifyPluginAsync<NodeOptions> = async (plain, options) => {
  const { cloud, certificates, events, now, version } = options
  // Fastify's own settings change input silently.
  const ajv = new Ajv({ coerceTypes: false, removeAdditional: false, useDefaults: false, strict: false })
  plain.setValidatorCompiler(({ schema }) => ajv.compile(schema))
  plain.setErrorHandler((error, request, reply) => {
    const { status, code, line } = failureOf(error, request)
    if ((status === 503 || status === 429) && !reply.hasHeader('retry-after')) reply.header('retry-after', '5')
    return reply.code(status).send({ code, message: line })
  })
  // Before the body is read and validated.
  plain.addHook('onRequest', async (request) => {
    options.identify(request)
  })
  plain.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-store')
  })
  const app = plain.withTypeProvider<TypeBoxProvider>()
  const at = (path: string) => `/${EXTENSION_PATH}${path}`
  const known = new KnownPositions()
  const allowance = new Allowance(now)

  /** The node that asks; being heard counts as contact. */
  const node = (request: FastifyRequest): Extract<Caller, { kind: 'computer' }> => {
    const caller = options.identify(request)
    if (caller.kind !== 'computer') throw surfaceErrors.ONLY_FOR_NODES()
    cloud.nodes.contacted(caller.computer, request.ip)
    return caller
  }

  app.get(at(''), async (request): Promise<Capabilities> => {
    const { computer } = node(request)
    const capabilities = [
      'desired',
      'slaves',
      'telemetry',
      'certificate',
      'leave',
      ...(events ? (['events'] as const) : []),
    ] as const
    const observedAddress = request.ip.replace(/^::ffff:(?=\d+\.)/, '')
    return { format: 1, version, capabilities, computer, now: now(), observedAddress }
  })

  app.get(at('desired'), { schema: { querystring: Since } }, async (request, reply) => {
    const caller = node(request)
    const since = positionOf(request.query.since)
    const revision = cloud.nodes.revision(caller.computer)
    if (known.unchanged(caller.computer, revision, since)) return reply.code(304).send()
    const desired = await cloud.nodes.desired(caller, since)
    known.answered(caller.computer, revision, desired.position)
    return desired.position === since && !desired.full ? reply.code(304).send() : desired
  })

  app.get(
    at('slaves/:partition'),
    { schema: { querystring: Since, params: PartitionPath } },
    async (request, reply) => {
      const since = positionOf(request.query.since)
      const delta = await cloud.nodes.slaves(node(request), request.params.partition, since)
      return delta.position === since && !delta.full ? reply.code(304).send() : delta
    },
  )

  app.post(
    at('slaves/:partition'),
    { bodyLimit: BODY_LIMIT, schema: { body: SlavePublicationBody, params: PartitionPath } },
    async (request) => {
      const { format, connections, errors } = request.body
      const publication = { format, connections, ...(errors && { errors }) }
      await cloud.nodes.publishSlaves(node(request), request.params.partition, publication)
      return {}
    },
  )

  app.post(at('telemetry'), { bodyLimit: BODY_LIMIT, schema: { body: TelemetryBody } }, async (request, reply) => {
    const caller = node(request)
    const limit = 'telemetry_bytes_per_minute'
    const most = await cloud.limits.get(limit, 'computer', caller.computer)
    const waitMs = allowance.take(caller.computer, bytesOf(request), most)
    if (waitMs > 0) {
      reply.header('retry-after', String(Math.ceil(waitMs / 1000)))
      throw masterErrors.LIMIT_REACHED({ limit, where: caller.computer, value: most })
    }
    return cloud.nodes.telemetry(caller, request.body)
  })

  app.post(at('certificate'), { schema: { body: CertificateBody } }, async (request) => {
    const { computer } = node(request)
    const { certificate, ca } = await certificates.sign('computer', computer, request.body.csr, 'all')
    return { certificate, ca }
  })

  app.post(at('leave'), async (request, reply) => {
    const caller = node(request)
    const { computer } = caller
    await cloud.nodes.setAllocationScope(SYSTEM, computer, 'close/forever')
    const { value } = await cloud.nodes.document(caller, computer)
    const instances = value.partitions.filter(({ occupant }) => occupant !== undefined).length
    // The certificate ends every connection that it opened: not before this answer has gone.
    reply.raw.once('finish', () => {
      const end = instances === 0 ? cloud.nodes.remove(SYSTEM, computer) : Promise.resolve()
      end
        .then(() => certificates.revokeSubject('computer', computer))
        .catch((error: unknown) => request.log.error(`cannot end ${computer}: ${messageOf(error)}`))
    })
    return { instances }
  })

  if (events) app.get(at('events'), (request, reply) => events(node(request).computer, request, reply))
}

function positionOf(since: string | undefined): Position | undefined {
  const parsed = since === undefined ? undefined : parsePosition(since)
  return parsed && `${parsed.epoch}:${parsed.revision}`
}

/** Of the body, as it travelled. A body without a length is measured as it was read. */
function bytesOf({ headers, body }: FastifyRequest): number {
  const told = Number(headers['content-length'])
  return Number.isSafeInteger(told) ? told : Buffer.byteLength(JSON.stringify(body))
}
