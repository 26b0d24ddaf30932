import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { silentLogger } from '@slapos/base'
import { createCertificateRequest } from '@slapos/base/csr.ts'
import { createSlapClient, enrolComputer } from '@slapos/slap'
import { hasPostgres, startPostgres } from '@slapos/testkit/postgres.ts'
import { formatted, RELEASE, wanted } from '../src/domain/testing/world.ts'
import { startMaster } from '../src/server/index.ts'

const SYSTEM = { kind: 'system' } as const

test('a whole Master on PostgreSQL: register, supply, request, report, show, and all of it after a restart', {
  skip: !hasPostgres(),
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'slapos-master-pg-'))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rm(directory, { recursive: true, force: true }))
  const cluster = await startPostgres()
  stack.defer(() => cluster.stop())
  const database = await cluster.database()
  const start = () =>
    startMaster({
      ...{ dataDirectory: directory, database, logger: silentLogger },
      api: { host: '127.0.0.1', port: 0 },
      web: { host: '127.0.0.1', port: 0, tls: false },
    })

  const first = await start()
  const { cloud, identity, telemetry } = first.parts
  const person = await cloud.people.create(SYSTEM, { name: 'Ada', email: 'ada@example.org', operator: true })
  const project = await cloud.projects.create(SYSTEM, { title: 'Project', owner: person })
  await identity.credentials.set(person, 'ada', 'correct horse battery')
  const owner = { kind: 'person', person, via: 'session' } as const

  const { token } = await identity.tokens.create({ purpose: 'computer', person, project })
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const csr = createCertificateRequest(privateKey, 'paris')
  const ca = identity.authority.root
  const enrolled = await enrolComputer({ url: first.apiUrl, tls: { ca } }, { token }, { title: 'paris', csr })
  const computer = enrolled.reference ?? ''
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const node = createSlapClient({ url: first.apiUrl, tls: { ca, cert: enrolled.certificate, key } })
  stack.defer(async () => node.close())
  await node.format(formatted(computer, 2))
  await cloud.software.supply(owner, computer, RELEASE, 'available')
  await cloud.instances.request(owner, wanted('web'))
  await cloud.reconcile()
  const desired = await node.desired()
  assert.equal(desired?.partitions.filter(({ occupant }) => occupant !== null).length, 1)
  await cloud.instances.report({ kind: 'computer', computer }, { computer, partition: 'slappart0' }, 'started')
  const { position } = (await node.desired(desired?.position)) ?? {}
  assert.equal(await node.desired(position), undefined)
  assert.ok(telemetry.node(computer))

  const session = await logIn(first.webUrl)
  const pages = [
    ...['home', 'topology', 'audit', 'servers', `servers/${computer}`, `servers/${computer}/partitions`],
    ...[`servers/${computer}/installations`, 'services', 'products', 'search?q=web', 'search?q=paris'],
  ]
  for (const page of pages) await session(page)
  assert.equal((await session('servers')).total, 1)
  const service = (await session('services?q=we')).items[0]
  assert.equal(service.title, 'web')
  assert.equal((await session(`services/${service.reference}`)).title, 'web')
  await first.close()

  const second = await start()
  stack.defer(() => second.close())
  assert.equal(second.parts.cloud.epoch, cloud.epoch)
  const again = createSlapClient({ url: second.apiUrl, tls: { ca, cert: enrolled.certificate, key } })
  stack.defer(async () => again.close())
  assert.equal(await again.desired(position), undefined, 'nothing changed for the node')
})

/** Reads the panel's API as a browser does. */
async function logIn(webUrl: string) {
  const answer = await fetch(`${webUrl}api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'ada', password: 'correct horse battery' }),
  })
  assert.equal(answer.status, 200)
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  // biome-ignore lint/suspicious/noExplicitAny: looks into answers of every route
  return async (path: string): Promise<any> => {
    const page = await fetch(`${webUrl}api/v1/${path}`, { headers: { cookie } })
    const text = await page.text()
    assert.equal(page.status, 200, `${path}: ${text}`)
    return JSON.parse(text)
  }
}
