import type { Clock } from '@slapos/base'
import type { FastifyInstance } from 'fastify'
import { hateoasSurface } from '../api/hateoas/index.ts'
import { nodeSurface } from '../api/node/index.ts'
import { answerLoginChecks, caSurface, registrationSurface } from '../api/registration/index.ts'
import { rpcSurface } from '../api/rpc/index.ts'
import { slapSurface } from '../api/slap/index.ts'
import { openStream } from '../events/index.ts'
import { bearerOf } from '../identity/index.ts'
import type { Core } from './core.ts'
import { answerNotFound } from './failures.ts'
import { wasForwarded } from './guard.ts'
import { HATEOAS_PATH, hateoasOptions, hateoasUrl } from './hateoas.ts'
import { createMetrics } from './metrics.ts'
import { VERSION } from './version.ts'

/** Addresses of the running Master; known once both listeners listen. */
export interface Urls {
  readonly api: string
  readonly web: string
}

/** The paths under which machines look for the registration service: the root, and the former panel's address. */
const REGISTRATION_PREFIXES = ['', '/erp5/web_site_module/hostingjs'] as const

/** For nodes, instances and clients with certificates. */
export async function apiSurfaces(app: FastifyInstance, core: Core, urls: () => Urls, clock: Clock): Promise<void> {
  const { cloud, identify, identity, events } = core
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.headers.authorization === undefined) done()
    else identify.prepare(request).then(() => done(), done)
  })
  await app.register(slapSurface, {
    ...{ cloud, identify, certificates: identity.certificates },
    hateoasUrl: () => hateoasUrl(urls().api),
  })
  await app.register(hateoasSurface, { ...hateoasOptions(core, () => urls().api), prefix: HATEOAS_PATH })
  await app.register(rpcSurface, {
    ...{ cloud, identify, certificates: identity.certificates },
    hateoasUrl: () => hateoasUrl(urls().api),
  })
  await app.register(nodeSurface, {
    ...{ cloud, identify, certificates: identity.certificates, version: VERSION, now: () => clock.now() },
    events: (computer, request, reply) => openStream(request, reply, events, { kind: 'computer', computer }),
  })
  await publicSurfaces(app, core, urls)
  answerNotFound(app)
}

/** For everybody, on both listeners: registration, the authority's certificate, health. */
export async function publicSurfaces(app: FastifyInstance, core: Core, urls: () => Urls): Promise<void> {
  const { identity, enrolment, store, cloud } = core
  answerLoginChecks(app, identity.credentials, REGISTRATION_PREFIXES)
  for (const prefix of REGISTRATION_PREFIXES) {
    await app.register(registrationSurface, {
      ...{ prefix, enrolment, credentials: identity.credentials, tokens: identity.tokens },
      masterUrl: () => urls().api,
    })
    await app.register(caSurface, { prefix, caBundle: () => identity.caBundle(), masterUrl: () => urls().api })
  }
  app.get('/healthz', async (_request, reply) => {
    await store.read.selectFrom('meta').select('key').limit(1).execute()
    return reply.header('cache-control', 'no-store').send({ status: 'ok', version: VERSION, epoch: cloud.epoch })
  })
}

/** For operators: from this machine, or with an API token that is not bound to a project. */
export function metricsSurface(
  app: FastifyInstance,
  { store, events, identity, cloud }: Core,
  isLocal: (ip: string) => boolean,
) {
  const metrics = createMetrics(store, events)
  app.addHook('onClose', async () => metrics.close())
  app.get('/metrics', async (request, reply) => {
    // What a proxy of this machine forwards comes from elsewhere, whether the proxy is known here or not.
    const local = isLocal(request.ip) && !wasForwarded(request)
    if (!local && !(await byOperator(bearerOf(request.headers))))
      return reply.code(401).header('www-authenticate', 'Bearer').send()
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.text())
  })

  async function byOperator(secret: string | undefined): Promise<boolean> {
    const token = secret === undefined ? undefined : await identity.apiTokens.find(secret)
    if (token === undefined || token.project !== undefined) return false
    return (await cloud.people.get({ kind: 'system' }, token.person)).operator
  }
}
