/** A node whose certificate is past half of its life renews it at a real Master, and loses nothing meanwhile. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { silentLogger, systemClock } from '@slapos/base'
import { createCertificateRequest } from '@slapos/base/csr.ts'
import { type Master, startMaster } from '@slapos/master/server/index.ts'
import { renewCertificate } from '@slapos/node/agent/renewal.ts'
import { connectLink } from '@slapos/node/link/connect.ts'
import { enrolComputer } from '@slapos/slap'

const DAY = 86_400_000
const system = { kind: 'system' } as const
let directory: string
let master: Master
/** How far behind the Master's clock is. */
let behind = 300 * DAY

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slapos-node-renewal-'))
  const at = { host: '127.0.0.1', port: 0 }
  master = await startMaster({
    ...{ dataDirectory: join(directory, 'master'), api: at, web: { ...at, tls: false }, logger: silentLogger },
    clock: { ...systemClock, now: () => Date.now() - behind },
  })
})
after(async () => {
  await master?.close()
  await rm(directory, { recursive: true, force: true })
})

for (const { title, classic } of [
  { title: 'a node with a key of its own keeps it, and its stream goes on', classic: false },
  {
    title: 'a key that the Master made is replaced, and its certificate ends with the first use of the new',
    classic: true,
  },
]) {
  test(title, { timeout: 240_000 }, async () => {
    const { cloud, identity } = master.parts
    const person = await cloud.people.create(system, { name: 'Ada', email: '' })
    const project = await cloud.projects.create(system, { title, owner: person })
    const { token } = await identity.tokens.create({ purpose: 'computer', person, project })
    const folder = await mkdtemp(join(directory, 'node-'))
    const config = await registered(folder, token, classic)
    const supply = (name: string) =>
      cloud.software.supply(system, config.computerId, `https://example.org/${name}.cfg`, 'available')
    const read = (path: string) => readFile(path, 'utf8')
    behind = 0

    const old = await connected(config)
    const stop = new AbortController()
    const events = old.events(stop.signal)?.[Symbol.asyncIterator]()
    assert.ok(events)
    const next = async () => (await events.next()).value?.kind
    assert.equal(await next(), 'connected')
    const first = await old.desired(undefined)
    assert.ok(first.kind === 'ok' && first.value !== undefined)

    const [key, certificate] = await Promise.all([read(config.keyFile), read(config.certFile)])
    assert.deepEqual(await renewCertificate(config, old, Date.now()), { kind: 'ok', value: true })
    assert.notEqual(await read(config.certFile), certificate)
    assert.equal((await read(config.keyFile)) === key, !classic)
    assert.deepEqual(await renewCertificate(config, old, Date.now()), { kind: 'ok', value: false }, 'once')
    await supply('a')
    assert.equal(await next(), 'desired', 'the stream goes on')

    const renewed = await connected(config)
    await supply('b')
    assert.equal(await next(), classic ? 'lost' : 'desired')
    stop.abort()
    await events.return?.()
    const since = await renewed.desired(first.value.position)
    assert.ok(since.kind === 'ok' && since.value !== undefined)
    assert.deepEqual(since.value.installations.map(({ url }) => url).sort(), [
      'https://example.org/a.cfg',
      'https://example.org/b.cfg',
    ])
    assert.equal((await old.desired(undefined)).kind, classic ? 'refused' : 'ok')
    old.close()
    renewed.close()
  })
}

/** A node whose certificate is past half of its life: a year, or ten for who does not renew. */
async function registered(folder: string, token: string, classic: boolean) {
  behind = (classic ? 10 : 1) * 300 * DAY
  const ca = master.parts.identity.authority.root
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const csr = createCertificateRequest(privateKey, 'n')
  const enrolled = await enrolComputer(
    { url: master.apiUrl, tls: { ca } },
    { token },
    { title: 'n', ...(classic ? {} : { csr }) },
  )
  const config = {
    ...{ masterUrl: master.apiUrl, computerId: enrolled.reference ?? '' },
    ...{ keyFile: join(folder, 'key'), certFile: join(folder, 'certificate'), caFile: join(folder, 'ca.crt') },
  }
  await writeFile(config.keyFile, enrolled.key ?? privateKey.export({ type: 'pkcs8', format: 'pem' }))
  await writeFile(config.certFile, enrolled.certificate)
  await writeFile(config.caFile, ca)
  return config
}

async function connected(config: Parameters<typeof connectLink>[0]) {
  const outcome = await connectLink(config, 'test')
  if (outcome.kind !== 'ok') throw new Error(JSON.stringify(outcome))
  return outcome.value.link
}
