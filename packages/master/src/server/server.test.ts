import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect } from 'node:tls'
import { isSlapError, silentLogger } from '@slapos/base'
import { createCertificateRequest } from '@slapos/base/csr.ts'
import { createSlapClient, enrolComputer, fetchPinnedCa, MasterError, parseToken } from '@slapos/slap'
import type { Master, MasterOptions } from './options.ts'
import { startMaster } from './start.ts'

let directory: string
let master: Master
const system = { kind: 'system' } as const

const options = (name: string, more: Partial<MasterOptions> = {}): MasterOptions => ({
  dataDirectory: join(directory, name),
  api: { host: '127.0.0.1', port: 0 },
  web: { host: '127.0.0.1', port: 0, tls: false },
  logger: silentLogger,
  ...more,
})

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slapos-master-'))
  master = await startMaster(options('main'))
})
after(async () => {
  await master.close()
  await rm(directory, { recursive: true, force: true })
})

/** A person with a project, as set-up makes them. */
async function owner(of: Master): Promise<{ person: string; project: string }> {
  const { cloud } = of.parts
  const person = await cloud.people.create(system, { name: 'Ada', email: 'ada@example.org', operator: true })
  return { person, project: await cloud.projects.create(system, { title: `Project of ${person}`, owner: person }) }
}

/** Registers a machine as our node does: the pinned authority first, the token only over verified TLS. */
async function node(of: Master, title: string) {
  const { token } = await of.parts.identity.tokens.create({ purpose: 'computer', ...(await owner(of)) })
  const ca = await fetchPinnedCa({ url: of.apiUrl }, parseToken(token)?.pin ?? '')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const csr = createCertificateRequest(createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })), title)
  const enrolled = await enrolComputer({ url: of.apiUrl, tls: { ca } }, { token }, { title, csr })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const client = createSlapClient({ url: of.apiUrl, tls: { ca, cert: enrolled.certificate, key } })
  return { ...enrolled, ca, key, client, computer: enrolled.reference ?? '' }
}

test('a machine registers with a token and speaks over mutual TLS', async () => {
  const { client, computer } = await node(master, 'first')
  assert.match(computer, /^COMP-\d+$/)
  const capabilities = await client.capabilities()
  assert.equal(capabilities?.computer, computer)
  assert.ok(capabilities?.capabilities.includes('events'))
  client.close()
})

test('without a certificate the API is closed, and what is public is open', async () => {
  const ca = await readFile(master.caPath, 'utf8')
  const anonymous = createSlapClient({ url: master.apiUrl, tls: { ca } })
  await assert.rejects(anonymous.capabilities(), (error: unknown) => {
    assert.ok(error instanceof MasterError)
    assert.equal(error.kind, 'refused')
    return true
  })
  anonymous.close()
  const health = await fetch(new URL('healthz', master.webUrl))
  assert.equal(health.status, 200)
  assert.equal((await fetch(new URL('ca.crt', master.webUrl))).status, 200)
  assert.equal((await fetch(new URL('erp5/web_site_module/hostingjs/ca.crt', master.webUrl))).status, 200)
  assert.equal((await fetch(new URL('api/nothing', master.webUrl))).status, 404)
})

test('a revoked node is cut off at once, on its open connection too', async () => {
  const { client, computer } = await node(master, 'revoked')
  const stop = new AbortController()
  const seen: string[] = []
  const lost = (async () => {
    for await (const event of client.events({ signal: stop.signal })) {
      seen.push(event.kind)
      if (event.kind === 'connected') await master.parts.identity.certificates.revokeSubject('computer', computer)
      if (event.kind === 'lost') return
    }
  })()
  const begin = performance.now()
  await lost
  stop.abort()
  assert.deepEqual(seen, ['connected', 'lost'])
  assert.ok(performance.now() - begin < 5_000)
  await assert.rejects(client.capabilities(), MasterError)
  client.close()
})

test('a revoked node loses a connection that never asked for anything, too', async () => {
  const { client, computer, certificate, key, ca } = await node(master, 'idle')
  client.close()
  const { hostname, port } = new URL(master.apiUrl)
  const socket = connect({ host: hostname, port: Number(port), ca, cert: certificate, key })
  socket.on('error', () => {}).resume()
  // The server sends it when the handshake is done on its side as well.
  await once(socket, 'session')
  const closed = once(socket, 'close')
  await master.parts.identity.certificates.revokeSubject('computer', computer)
  await closed
})

test('the event stream tells a node of its own changes', async () => {
  const { client, computer } = await node(master, 'listening')
  const { cloud } = master.parts
  const stop = new AbortController()
  for await (const event of client.events({ signal: stop.signal })) {
    if (event.kind === 'connected')
      await cloud.software.supply(system, computer, 'https://example.org/a.cfg', 'available')
    if (event.kind === 'desired') break
  }
  stop.abort()
  client.close()
})

test('two Masters cannot share a data directory', async () => {
  await assert.rejects(startMaster(options('main')), code('DATA_IN_USE'))
})

test('a taken port, a missing address and a forbidden directory are one clear line each', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const address = taken.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await assert.rejects(startMaster(options('taken', { api: { host: '127.0.0.1', port } })), code('PORT_TAKEN'))
  await new Promise((resolve) => taken.close(resolve))
  await assert.rejects(startMaster(options('absent', { api: { host: '192.0.2.1', port: 0 } })), code('ADDRESS_ABSENT'))
  for (const dataDirectory of [join(directory, 'main/master.json/x'), '/proc/slapos/data']) {
    await assert.rejects(startMaster(options('x', { dataDirectory })), code('DATA_UNWRITABLE'))
  }
  await assert.rejects(
    startMaster(options('y', { web: { host: '0.0.0.0', port: 0, tls: false } })),
    code('WEB_NEEDS_TLS'),
  )
})

test('the data directory is private, and the same cloud comes back', async () => {
  const first = await startMaster(options('again'))
  const { epoch } = first.parts.cloud
  const one = await node(first, 'stays')
  await one.client.capabilities()
  one.client.close()
  await first.close()
  assert.equal((await stat(join(directory, 'again'))).mode & 0o777, 0o700)
  const second = await startMaster(options('again'))
  assert.equal(second.parts.cloud.epoch, epoch)
  const client = createSlapClient({ url: second.apiUrl, tls: { ca: one.ca, cert: one.certificate, key: one.key } })
  assert.equal((await client.capabilities())?.computer, one.computer)
  client.close()
  await second.close()
})

test('web over TLS speaks HTTP/1.1 and HTTP/2 with the same certificate', async () => {
  const { connect } = await import('node:http2')
  const tls = await startMaster(options('tls', { web: { host: '127.0.0.1', port: 0, tls: true } }))
  const ca = await readFile(tls.caPath, 'utf8')
  const session = connect(tls.webUrl, { ca })
  const stream = session.request({ ':path': '/healthz' })
  const status = await new Promise((resolve) => stream.once('response', (headers) => resolve(headers[':status'])))
  assert.equal(status, 200)
  stream.resume()
  session.close()
  const found = await fetchPinnedCa({ url: tls.webUrl }, tls.parts.identity.pin)
  assert.equal(found.trim(), ca.trim())
  await tls.close()
})

const code = (expected: string) => (error: unknown) => {
  assert.ok(isSlapError(error), String(error))
  assert.equal(error.code, expected)
  return true
}
