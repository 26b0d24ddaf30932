import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger, systemClock } from '@slapos/base'
import {
  type Answer,
  type Call,
  type CertificatePair,
  createSlapClient,
  createTransport,
  type FormattedComputer,
  type SlapClient,
  type Transport,
} from '@slapos/slap'
import Fastify from 'fastify'
import { hateoasSurface } from '../../src/api/hateoas/index.ts'
import { nodeSurface } from '../../src/api/node/index.ts'
import { caSurface, registrationSurface } from '../../src/api/registration/index.ts'
import { rpcSurface } from '../../src/api/rpc/index.ts'
import { slapSurface } from '../../src/api/slap/index.ts'
import { openCatalogue } from '../../src/catalog/cases.ts'
import type { Caller, Cloud } from '../../src/domain/cloud.ts'
import { createCloud } from '../../src/domain/create-cloud.ts'
import { formatted } from '../../src/domain/testing/world.ts'
import {
  createEnrolment,
  createIdentify,
  type OpenedIdentity,
  openIdentity,
  openServerCertificate,
} from '../../src/identity/index.ts'
import { openStore } from '../../src/store/index.ts'

/** A whole Master on loopback with mutual TLS: real store, domain, identity and surfaces. */
export interface ConformanceMaster {
  readonly url: string
  readonly cloud: Cloud
  readonly identity: OpenedIdentity
  readonly person: string
  readonly owner: Caller
  readonly project: string
  /** A client that presents this pair and trusts the Master's authority. */
  client(pair?: CertificatePair): Peer
  pairOf(kind: 'person' | 'computer', reference: string): Promise<CertificatePair>
  format(computer: string, partitions: number): FormattedComputer
  close(): Promise<void>
}

export interface Peer extends SlapClient {
  /** One exchange as it is on the wire; every status is an answer. */
  raw(call: Call): Promise<Answer>
  post(path: string, form: Readonly<Record<string, string>>): Promise<Answer>
}

const SYSTEM: Caller = { kind: 'system' }
const STATUSES = Array.from({ length: 600 }, (_, status) => status)
export const HATEOAS_PATH = 'hateoas'

export async function startMaster(): Promise<ConformanceMaster> {
  const home = await mkdtemp(join(tmpdir(), 'master-conformance-'))
  const store = await openStore({ url: `sqlite:${join(home, 'state.db')}` })
  const cloud = await createCloud({ store, clock: systemClock, logger: silentLogger, catalogue: openCatalogue() })
  const pkiDirectory = join(home, 'pki')
  const identity = await openIdentity({
    store,
    pkiDirectory,
    clock: systemClock,
    logger: silentLogger,
    record: async () => {},
  })
  const server = await openServerCertificate({
    directory: pkiDirectory,
    authority: identity.authority,
    names: ['127.0.0.1'],
    clock: systemClock,
    logger: silentLogger,
    onRenew: () => {},
  })
  const person = await cloud.people.create(SYSTEM, { name: 'First', email: 'first@example.org' })
  const project = await cloud.projects.create(SYSTEM, { title: 'First project', owner: person })

  const https = {
    ...server.current(),
    ca: [...identity.authority.trusted],
    requestCert: true,
    rejectUnauthorized: false,
  }
  const app = Fastify({ https, forceCloseConnections: true })
  let url = ''
  const { certificates, tokens, credentials, peers } = identity
  const identify = createIdentify(certificates, peers, identity.apiTokens)
  const enrolment = createEnrolment({
    tokens,
    certificates,
    createComputer: async ({ person: owner, project: of, title }) => {
      const caller: Caller = { kind: 'person', person: owner, via: 'token' }
      return (await cloud.nodes.create(caller, { title, ...(of !== undefined && { project: of }) })).computer
    },
  })
  const slap = { cloud, identify, certificates, hateoasUrl: () => `${url}/${HATEOAS_PATH}` }
  await app.register(slapSurface, slap)
  await app.register(rpcSurface, slap)
  await app.register(hateoasSurface, {
    prefix: `/${HATEOAS_PATH}`,
    cloud,
    identify,
    hateoasUrl: slap.hateoasUrl,
    computers: async () => store.read.selectFrom('computer').select(['reference', 'title']).execute(),
    computerToken: async ({ person: owner }) => (await tokens.create({ purpose: 'computer', person: owner })).token,
  })
  await app.register(nodeSurface, { cloud, identify, certificates, version: 'test', now: systemClock.now })
  await app.register(registrationSurface, { enrolment, credentials, tokens, masterUrl: () => url })
  await app.register(caSurface, { caBundle: identity.caBundle, masterUrl: () => url })
  url = await app.listen({ host: '127.0.0.1', port: 0 })

  const closing: (() => void)[] = []
  return {
    url,
    cloud,
    identity,
    person,
    owner: { kind: 'person', person, via: 'certificate' },
    project,
    format: (computer, partitions) => formatted(computer, partitions),
    async pairOf(kind, reference) {
      const { certificate, key } = await certificates.issuePair(kind, reference)
      return { certificate, key }
    },
    client(pair) {
      const ca = identity.authority.root
      const tls = { ca, ...(pair && { key: pair.key, cert: pair.certificate }) }
      const client = createSlapClient({ url, tls, timeoutMs: 20_000 })
      const transport = createTransport({ url, tls, timeoutMs: 20_000 })
      closing.push(client.close, transport.close)
      return { ...client, ...rawCalls(transport) }
    },
    async close() {
      for (const close of closing) close()
      await app.close()
      server.close()
      await cloud.close()
      await identity.close()
      await store.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

function rawCalls(transport: Transport): Pick<Peer, 'raw' | 'post'> {
  const raw = (call: Call) => transport.send({ ...call, accept: STATUSES })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return {
    raw,
    post: (path, form) => raw({ method: 'POST', path, headers, body: new URLSearchParams(form).toString() }),
  }
}
