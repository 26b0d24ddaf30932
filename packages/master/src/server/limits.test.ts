import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { silentLogger } from '@slapos/base'
import type { CertificatePair, Telemetry } from '@slapos/slap'
import type { Master } from './options.ts'
import { startMaster } from './start.ts'

const system = { kind: 'system' } as const
let directory: string
let master: Master
let person: string
let computer: string
let asPerson: CertificatePair
let asNode: CertificatePair

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slapos-limits-'))
  const at = { host: '127.0.0.1', port: 0 }
  master = await startMaster({ dataDirectory: directory, api: at, web: { ...at, tls: false }, logger: silentLogger })
  const { cloud, identity } = master.parts
  person = await cloud.people.create(system, { name: 'Ada', email: '' })
  const project = await cloud.projects.create(system, { title: 'one', owner: person })
  computer = (await cloud.nodes.create({ kind: 'person', person, via: 'session' }, { title: 'n', project })).computer
  asPerson = await identity.certificates.issuePair('person', person)
  asNode = await identity.certificates.issuePair('computer', computer)
})
after(async () => {
  await master.close()
  await rm(directory, { recursive: true, force: true })
})

interface Sent {
  readonly answer: IncomingMessage
  readonly call: ClientRequest
}

function send(pair: CertificatePair, path: string, body?: string, type = 'application/json'): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const call = request(new URL(path, master.apiUrl), {
      ...{ ca: master.parts.identity.authority.root, cert: pair.certificate, key: pair.key, agent: false },
      ...(body === undefined ? {} : { method: 'POST', headers: { 'content-type': type } }),
    })
    call.once('error', reject).once('response', (answer) => resolve({ answer, call }))
    call.end(body)
  })
}

async function told(sent: Promise<Sent>): Promise<{ status: number | undefined; body: string; retryAfter: string }> {
  const { answer } = await sent
  return { status: answer.statusCode, body: await text(answer), retryAfter: answer.headers['retry-after'] ?? '' }
}

for (const { who, path, pair, of } of [
  { who: 'a node', path: 'node/v1/events', pair: () => asNode, of: () => ['computer', computer] as const },
  { who: 'a person', path: 'api/v1/events', pair: () => asPerson, of: () => ['person', person] as const },
]) {
  test(`streams: ${who} has as many as the limit says; one that ends makes room`, async () => {
    const [scope, reference] = of()
    await master.parts.cloud.limits.set(system, 'streams', scope, reference, 2)
    const open = await Promise.all([send(pair(), path), send(pair(), path)])
    for (const { answer } of open) assert.equal(answer.statusCode, 200)
    const refused = await told(send(pair(), path))
    assert.equal(refused.status, 429)
    assert.match(refused.body, new RegExp(`the limit streams of ${reference} is reached \\(2\\)`))
    assert.notEqual(refused.retryAfter, '')
    open[0]?.call.destroy()
    const deadline = Date.now() + 60_000
    for (;;) {
      const { answer, call } = await send(pair(), path)
      call.destroy()
      if (answer.statusCode === 200) break
      assert.ok(Date.now() < deadline)
    }
    open[1]?.call.destroy()
  })
}

const batch = (more: Partial<Telemetry> = {}): string =>
  JSON.stringify({
    ...{ format: 1, now: Date.now(), agentVersion: '1', full: true, processes: [], removedProcesses: [], promises: [] },
    ...{ removedPromises: [], builds: [], partitions: [], logs: [], usage: [], ...more },
  })
const telemetry = (body: string) => told(send(asNode, 'node/v1/telemetry', body))

test('telemetry_bytes_per_minute: what is more is refused, with the time to wait', async () => {
  const body = batch()
  await master.parts.cloud.limits.set(
    ...([system, 'telemetry_bytes_per_minute', 'computer', computer, 2 * body.length] as const),
  )
  assert.equal((await telemetry(body)).status, 200)
  assert.equal((await telemetry(body)).status, 200)
  const refused = await telemetry(body)
  assert.equal(refused.status, 429)
  assert.match(refused.body, /the limit telemetry_bytes_per_minute of COMP-\d+ is reached/)
  const seconds = Number(refused.retryAfter)
  assert.ok(seconds > 0 && seconds <= 60, refused.retryAfter)
  await master.parts.cloud.limits.set(system, 'telemetry_bytes_per_minute', 'computer', computer, 16_000_000)
  assert.equal((await telemetry(body)).status, 200)
})

test('log_bytes: the newest lines of a node are kept, up to the limit', async () => {
  const { cloud, telemetry: kept } = master.parts
  await cloud.limits.set(system, 'log_bytes', 'computer', computer, 10_000)
  const lines = Array.from({ length: 100 }, (_, n) => `${String(n).padStart(3, '0')}${'x'.repeat(97)}`)
  const log = (source: string) => batch({ logs: [{ source, offset: 0, lines }] })
  assert.equal((await telemetry(log('old'))).status, 200)
  assert.equal((await kept.logs(computer, 'old', 0, 200)).lines.length, 100, 'exactly the limit')
  const half = batch({ logs: [{ source: 'new', offset: 0, lines: lines.slice(0, 50) }] })
  assert.equal((await telemetry(half)).status, 200)
  const old = await kept.logs(computer, 'old', 0, 200)
  assert.equal(old.lines.at(-1)?.slice(0, 3), '099')
  assert.ok(old.lines.length <= 50 && old.lines.length >= 45, `${old.lines.length}`)
  assert.equal((await kept.logs(computer, 'new', 0, 200)).lines.length, 50)
  assert.equal((await telemetry(log('newest'))).status, 200)
  assert.equal((await kept.logs(computer, 'old', 0, 200)).lines.length, 0)
  const newest = (await kept.logs(computer, 'newest', 0, 200)).lines
  assert.ok(newest.length >= 95, `${newest.length}`)
})

const LARGEST = 4 * 1024 * 1024
for (const { what, pair, path, type } of [
  { what: 'classic calls', pair: () => asPerson, path: 'supplySupply', type: 'application/x-www-form-urlencoded' },
  { what: 'JSON calls', pair: () => asPerson, path: 'slapos.get.v0.hateoas_url', type: 'application/json' },
  { what: 'telemetry', pair: () => asNode, path: 'node/v1/telemetry', type: 'application/json' },
]) {
  test(`body size: ${what} of 4 MiB are read, larger ones refused`, async () => {
    const body = (size: number) => (type === 'application/json' ? `{"a":"${'x'.repeat(size - 8)}"}` : 'x'.repeat(size))
    const read = await told(send(pair(), path, body(LARGEST), type))
    assert.equal(read.status, 400, 'read, and found wrong')
    const refused = await told(send(pair(), path, body(LARGEST + 1), type))
    assert.equal(refused.status, 413)
    assert.match(refused.body, /4194304 bytes/)
  })
}
