/** The lines and exit codes of the client commands that scripts around the existing client know, on a real Master. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { silentLogger } from '@slapos/base'
import { runSlapos } from '@slapos/cli/testing.ts'
import { formatted } from '@slapos/master/domain/testing/world.ts'
import { type Master, startMaster } from '@slapos/master/server/index.ts'
import { createSlapClient, type SlapClient } from '@slapos/slap'

const RELEASE = 'https://127.0.0.1:9/demo/software.cfg'
const COMPUTER = 'COMP-0'

let root: string
let master: Master
let node: SlapClient
let cfg: string

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'slapos-client-'))
  master = await startMaster({
    dataDirectory: join(root, 'master'),
    api: { host: '127.0.0.1', port: 0 },
    web: { host: '127.0.0.1', port: 0, tls: false },
    logger: silentLogger,
  })
  const { cloud, identity } = master.parts
  const system = { kind: 'system' } as const
  const person = await cloud.people.create(system, { name: 'Ada', email: 'ada@example.org', operator: true })
  const project = await cloud.projects.create(system, { title: 'Client', owner: person })
  const { token } = await identity.tokens.create({ purpose: 'person', person, project })
  cfg = join(root, 'client/slapos-client.cfg')
  const web = ['--master-url-web', master.webUrl, '--master-url', master.apiUrl, '--token', token, '--cfg', cfg]
  assert.equal((await runSlapos(['configure', 'client', ...web])).code, 0)

  assert.deepEqual((await slapos('computer', 'list')).out, ['No existing computer.'])
  await cloud.nodes.create({ kind: 'person', person, via: 'certificate' }, { title: 'my node', project })
  const { certificate, key } = await identity.certificates.issuePair('computer', COMPUTER)
  node = createSlapClient({ url: master.apiUrl, tls: { cert: certificate, key, verify: false } })
  await node.format(formatted(COMPUTER, 3))
  await node.computer(COMPUTER)
})
after(async () => {
  node.close()
  await master.close()
  await rm(root, { recursive: true, force: true })
})

/** Runs a command; its lines without date and process. */
async function slapos(...words: readonly string[]) {
  const { code, out, err } = await runSlapos([...words, '--cfg', cfg])
  const lines = (text: string) => (text === '' ? [] : text.trimEnd().split('\n'))
  return { code, out: lines(out), log: lines(err.replaceAll(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d slapos\[\d+\] /gm, '')) }
}

test('supply and remove say what they ask for, and that it is done', async () => {
  const supplied = await slapos('supply', RELEASE, COMPUTER)
  assert.equal(supplied.code, 0)
  assert.deepEqual(supplied.log.slice(0, 2), [`INFO Requesting software installation of ${RELEASE}...`, 'INFO Done.'])
  const other = 'https://127.0.0.1:9/other/'
  await slapos('supply', other, COMPUTER)
  const removed = await slapos('remove', other, COMPUTER)
  assert.deepEqual(removed, {
    ...{ code: 0, out: [] },
    log: [`INFO Requesting deletion of ${other} Software Release...`, 'INFO Done.'],
  })
  assert.equal((await slapos('supply', RELEASE, 'COMP-99')).code, 1)
})

test('request ends with 2 while the Master provisions, then with 0 and what was published', async () => {
  const url = 'https://127.0.0.1:9/unsupplied/'
  const waiting = await slapos('request', 'elsewhere', url)
  assert.equal(waiting.code, 2)
  assert.equal(waiting.log[0], `INFO Requesting elsewhere as instance of ${url}...`)
  assert.match(
    waiting.log[1] ?? '',
    /^WARNING Instance requested\. Master is provisioning it\. Please rerun in a couple of minutes to get connection information\./,
  )
  assert.equal((await slapos('request', 'elsewhere', url, '--state', 'destroyed')).code, 2)

  const asked = ['request', 'demo', RELEASE, '--parameters', 'size=1'] as const
  let found = await slapos(...asked)
  for (const deadline = Date.now() + 60_000; found.code === 2 && Date.now() < deadline; ) found = await slapos(...asked)
  assert.equal(found.code, 0, found.log.join('\n'))
  await node.publish({ computerId: COMPUTER, partitionId: 'slappart0' }, { url: "http://it's/", note: 'é' })
  const { code, out, log } = await slapos(...asked)
  assert.equal(code, 0)
  assert.deepEqual(log, [
    `INFO Requesting demo as instance of ${RELEASE}...`,
    'INFO Instance requested.',
    'State is : started.',
    'INFO Connection parameters of instance are:',
    'INFO You can rerun the command to get up-to-date information.',
  ])
  assert.deepEqual(out, [`{'note': 'é', 'url': "http://it's/"}`])
})

test('service info is JSON with the keys of the existing client; none is a warning, and 2', async () => {
  const { code, out } = await slapos('service', 'info', 'demo')
  assert.equal(code, 0)
  const info = JSON.parse(out.join('\n'))
  assert.deepEqual(
    [info['software-url'], info['software-type'], info.shared, info['requested-state']],
    [RELEASE, 'default', false, 'started'],
  )
  assert.deepEqual(info['instance-parameters'], { size: '1' })
  assert.equal(info['connection-parameters'].note, 'é')
  assert.match(info.status, /^(none|green|red|orange)$/)
  const absent = await slapos('service', 'info', 'absent')
  assert.deepEqual(absent, { code: 2, out: [], log: ['WARNING Instance absent does not exist.'] })
  assert.ok((await slapos('service', 'list')).out.some((line) => line.startsWith('demo ')))
})

test('computer list, info and token print the lines of the existing client', async () => {
  assert.deepEqual((await slapos('computer', 'list')).out, ['List of Computers:', 'COMP-0 my node'])
  const info = await slapos('computer', 'info', COMPUTER)
  assert.deepEqual(info.out.slice(0, 2), ['Computer Reference: COMP-0', 'Computer Title    : my node'])
  const absent = await slapos('computer', 'info', 'COMP-99')
  assert.deepEqual(absent, { code: 2, out: [], log: ['WARNING Computer COMP-99 does not exist.'] })
  const token = await slapos('computer', 'token')
  assert.match(token.out[0] ?? '', /^Computer token: \d{8}-\w+\.\w+$/)
  assert.equal(token.out.length, 1)
})
