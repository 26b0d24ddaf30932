import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '@slapos/base'
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
import type { Caller, Cloud } from '../../src/domain/cloud.ts'
import { formatted } from '../../src/domain/testing/world.ts'
import type { OpenedIdentity } from '../../src/identity/index.ts'
import { startMaster } from '../../src/server/index.ts'

/** A Master as `slapos master start` runs it, on loopback, with a first person and project. */
export interface ConformanceMaster {
  /** Of the API, without the final slash. */
  readonly url: string
  /** Of the web side, without the final slash. */
  readonly webUrl: string
  readonly cloud: Cloud
  readonly identity: OpenedIdentity
  readonly person: string
  readonly owner: Caller
  readonly project: string
  /** A client that presents this pair and trusts the Master's authority. */
  client(pair?: CertificatePair): Peer
  pairOf(kind: 'person' | 'computer', reference: string): Promise<CertificatePair>
  format(computer: string, partitions: number): FormattedComputer
  /** Every query fails from now on. */
  breakDatabase(): Promise<void>
  close(): Promise<void>
}

export interface Peer extends SlapClient {
  /** One exchange as it is on the wire; every status is an answer. */
  raw(call: Call): Promise<Answer>
  post(path: string, form: Readonly<Record<string, string>>): Promise<Answer>
}

const SYSTEM: Caller = { kind: 'system' }
const STATUSES = Array.from({ length: 600 }, (_, status) => status)
const LOOPBACK = { host: '127.0.0.1', port: 0 } as const

export async function startConformanceMaster(): Promise<ConformanceMaster> {
  const home = await mkdtemp(join(tmpdir(), 'master-conformance-'))
  const master = await startMaster({
    dataDirectory: join(home, 'data'),
    api: LOOPBACK,
    web: { ...LOOPBACK, tls: true },
    logger: silentLogger,
  })
  const { cloud, identity } = master.parts
  const url = master.apiUrl.slice(0, -1)
  const person = await cloud.people.create(SYSTEM, { name: 'First', email: 'first@example.org' })
  const project = await cloud.projects.create(SYSTEM, { title: 'First project', owner: person })
  const closing: (() => void)[] = []
  return {
    ...{ url, cloud, identity, person, project },
    webUrl: master.webUrl.slice(0, -1),
    owner: { kind: 'person', person, via: 'certificate' },
    format: (computer, partitions) => formatted(computer, partitions),
    async pairOf(kind, reference) {
      const { certificate, key } = await identity.certificates.issuePair(kind, reference)
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
    breakDatabase: () => master.parts.store.close(),
    async close() {
      for (const close of closing) close()
      await master.close()
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
