/** What people ask of a Master from a shell, against a real Master with a node that nobody runs. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { silentLogger, systemClock } from '@slapos/base'
import { createCertificateRequest } from '@slapos/base/csr.ts'
import { type Master, startMaster } from '@slapos/master/server/index.ts'
import { writeClient } from '../src/client/configure.ts'
import { openSession } from '../src/client/session.ts'
import { recorder, runSlapos } from '../src/testing.ts'
import { checkout, helloworld } from './cloud.ts'

let directory: string
let master: Master
let cfg: string
const started = Date.now()
const system = { kind: 'system' } as const

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slapos-client-'))
  master = await startMaster({
    dataDirectory: join(directory, 'master'),
    api: { host: '127.0.0.1', port: 0 },
    web: { host: '127.0.0.1', port: 0, tls: false },
    allowedReleaseRoots: [join(checkout, 'releases'), directory],
    allowPrivateReleases: true,
    logger: silentLogger,
    // Time stands still, so that every run prints the same durations.
    clock: { ...systemClock, now: () => started },
  })
  const { cloud, identity } = master.parts
  const person = await cloud.people.create(system, { name: 'Ada', email: 'ada@example.org', operator: true })
  await cloud.projects.create(system, { title: 'Main', owner: person })
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { certificate, ca } = await identity.certificates.sign(
    'person',
    person,
    createCertificateRequest(privateKey, 'ada'),
    'all',
  )
  cfg = join(directory, 'client/slapos-client.cfg')
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await writeClient(cfg, master.apiUrl, { certificate, key, ca })
  await cloud.catalogue.add({ kind: 'person', person, via: 'certificate' }, helloworld)
  using session = await openSession(runIo, { cfg })
  await session.slap.requestComputer('rack')
})
after(async () => {
  await master?.close()
  await rm(directory, { recursive: true, force: true })
})

const runIo = recorder().io
const slapos = (...words: string[]) => runSlapos(words, { environment: { SLAPOS_CLIENT_CONFIGURATION: cfg } })

/** What was printed, without what differs from run to run. */
const stable = (text: string): string =>
  text.replaceAll(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d slapos\[\d+\] /gm, '').replaceAll(checkout, '/checkout')

/** A release of which there is only a description. */
async function release(serialisation: 'xml' | 'json-in-xml'): Promise<string> {
  const path = join(directory, serialisation)
  await mkdir(path, { recursive: true })
  const manifest = { format: 1, name: serialisation, serialisation, 'software-type': { default: { title: 'Any' } } }
  await writeFile(join(path, 'release.json'), JSON.stringify(manifest))
  return path
}

test('parameters from a file are sent as the release says', async () => {
  const file = join(directory, 'parameters.json')
  await writeFile(file, '{"port": 8080, "name": "x"}')
  const seen = { xml: { port: '8080', name: 'x' }, 'json-in-xml': { port: 8080, name: 'x' } } as const
  for (const form of ['xml', 'json-in-xml'] as const) {
    const { code, err } = await slapos('request', form, await release(form), '--parameters-file', file)
    assert.equal(code, 2, err)
    const service: unknown = JSON.parse((await slapos('service', 'info', form)).out)
    assert.ok(typeof service === 'object' && service !== null && 'instance-parameters' in service)
    assert.deepEqual(service['instance-parameters'], seen[form])
    await slapos('request', form, await release(form), '--state', 'destroyed')
  }
})

test('a release that is not there is refused; one that cannot be fetched from here is doubted', async () => {
  for (const [words, path] of [
    [['request', 'x', '/nonexist'], '/nonexist'],
    [['request', 'x', './nonexist'], join(process.cwd(), 'nonexist')],
    [['request', 'x', 'file:///nonexist'], '/nonexist'],
    [['supply', '~/nonexist', 'COMP-0'], join(homedir(), 'nonexist')],
  ] as const) {
    const { code, err } = await slapos(...words)
    assert.equal(code, 1)
    assert.match(err, new RegExp(`slapos: there is no release at ${path}\\. Give the directory of a release`))
  }
  const server = createServer((_request, response) => response.writeHead(404).end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  const url = `http://127.0.0.1:${address.port}/none.tgz`
  try {
    const { code, err } = await slapos('supply', url, 'COMP-0')
    assert.equal(code, 0, err)
    assert.match(err, /WARNING .*none\.tgz cannot be fetched from here \(it answers 404\)\. When COMP-0 cannot either/)
  } finally {
    server.close()
  }
  assert.match((await slapos('supply', url, 'COMP-0')).err, /cannot be fetched from here \(connect ECONNREFUSED/)
  const gone = await slapos('remove', url, 'COMP-0')
  assert.deepEqual([gone.code, /WARNING/.test(gone.err)], [0, false])
  assert.equal((await slapos('remove', '/nonexist', 'COMP-0')).code, 0, 'what is gone can be taken back')
})

test('what each command prints', async () => {
  const shown: string[] = []
  const show = async (...words: string[]) => {
    const { code, out, err } = await slapos(...words)
    shown.push(`$ slapos ${words.join(' ')}\n${stable(err + out)}[exit ${code}]\n`)
  }
  await show('service', 'list')
  await show('service', 'info', 'web')
  await show('why', 'web')
  await show('computer', 'list')
  await show('computer', 'info', 'COMP-0')
  await show('computer', 'info', 'COMP-99')
  await show('why', 'COMP-0')
  await show('why', 'COMP-99')
  await show('request', 'web', 'product.helloworld', '--parameters', 'message=Hi')
  await show('request', 'web', 'product.none')
  await show('request', 'web', 'helloworld', '--node', 'colour=red')
  await show('supply', 'product.helloworld', 'COMP-99')
  await show('service', 'list')
  await show('service', 'info', 'web')
  await show('why', 'web')
  await show('supply', 'product.helloworld', 'COMP-0')
  await show('request', 'web', 'helloworld', '--state', 'stopped')
  await show('why', 'web')
  await show('request', 'web', 'helloworld', '--state', 'destroyed')
  await show('service', 'list')
  await show('remove', 'product.helloworld', 'COMP-0')
  assert.equal(shown.join('\n'), await readFile(join(import.meta.dirname, 'golden/client.golden'), 'utf8'))
})
