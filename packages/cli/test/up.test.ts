/** The main job as a person starts it: `slapos up`, with real Master, agent, s6 and processes. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { kill, makeCloud, type TestCloud } from './cloud.ts'
import { page } from './eventually.ts'

let cloud: TestCloud
before(async () => {
  cloud = await makeCloud()
})
after(() => cloud?.end())

const SERVICE = /Service hello +(http\S+)/

test('the first start gives a working cloud; the next comes back to the same one', async () => {
  const first = await cloud.up()
  const file = join(cloud.root, 'cloud.json')
  const facts = JSON.parse(await readFile(file, 'utf8'))
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.equal(facts.master_url, `https://127.0.0.1:${cloud.ports[0]}/`)
  assert.equal(facts.panel_url, `http://127.0.0.1:${cloud.ports[1]}/`)
  assert.equal(facts.computer, 'COMP-0')
  assert.equal(facts.client_cfg, cloud.clientCfg)
  assert.match(first.text(), new RegExp(`Panel +${facts.panel_url}`))
  assert.match(first.text(), new RegExp(`Password +${facts.password}`))
  const url = await first.until(SERVICE)
  assert.match(await page(url), /Hello/)
  assert.match(await cloud.ok('service', 'list'), /^TITLE .*\nhello +started +\S+ +COMP-0 /)
  assert.match(await cloud.ok('node', 'status'), /slappart0:.+ +RUNNING +pid \d+, uptime /)

  await first.stop()
  await assert.rejects(page(url), 'services stop with the cloud')
  assert.deepEqual(await cloud.processes(), [])

  const second = await cloud.up()
  assert.equal(await second.until(SERVICE), url)
  assert.match(await page(url), /Hello/)
  // Under 5 s on a machine that does nothing else.
  assert.ok(second.seconds < 15, `came back in ${second.seconds} s`)

  assert.match(await refused('up', '--home', cloud.root), /a cloud already runs from .*Use it/)
  const ended = once(second.child, 'exit')
  await cloud.ok('down', '--home', cloud.root)
  assert.deepEqual(await ended, [0, null], 'it ends as by Ctrl-C')
  assert.deepEqual(await cloud.processes(), [])
  await cloud.ok('down', '--home', cloud.root)
  assert.match(await refused('down', '--home', join(cloud.root, 'none')), /there is no cloud in .*none\. Name its/)
})

test('Ctrl-C twice, as npm passes it on beside the terminal, stops everything all the same', async () => {
  const up = await cloud.up()
  assert.notDeepEqual(await pids(), [])
  const ended = once(up.child, 'exit')
  up.child.kill('SIGINT')
  await up.until(/Stopping/)
  up.child.kill('SIGINT')
  up.child.kill('SIGTERM')
  assert.deepEqual(await ended, [0, null], up.text())
  assert.deepEqual(await cloud.processes(), [])
})

test('with --keep-services services survive Ctrl-C, and the next start adopts the same process', async () => {
  const first = await cloud.up('--keep-services')
  const url = await first.until(SERVICE)
  const before = await pids()
  assert.ok(before.length > 0)
  await first.stop()
  assert.match(await page(url), /Hello/)
  const second = await cloud.up('--keep-services')
  assert.deepEqual(await pids(), before)
  await second.stop()
})

test('a killed agent and a killed Master come back by themselves and no service notices', async () => {
  const up = await cloud.up()
  const before = await pids()
  for (const part of ['master', 'agent'] as const) {
    kill(await cloud.pid(part))
    await up.until(new RegExp(`${part} .*started again`, 'i'))
  }
  assert.deepEqual(await pids(), before)
  assert.match(await page(await up.until(SERVICE)), /Hello/)
  await up.stop()
})

test('a taken port and an unwritable home are one clear line each', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const address = taken.address()
  assert.ok(address !== null && typeof address === 'object')
  const other = await mkdtemp(join(tmpdir(), 'slapos-cloud-'))
  try {
    assert.match(
      await refused('up', '--home', other, '--api-port', String(address.port)),
      new RegExp(`cannot listen on 127.0.0.1:${address.port}: another program uses that port`),
    )
    assert.match(await refused('up', '--home', '/proc/none'), /cannot write to \/proc\/none.*SLAPOS_HOME/)
  } finally {
    taken.close()
    await rm(other, { recursive: true, force: true })
  }
})

/** Services that run, with their pids. */
const pids = async () =>
  Object.values(await cloud.services()).flatMap(({ title, state, pid }) =>
    title.startsWith('slappart') && state === 'RUNNING' ? [`${title} ${pid}`] : [],
  )

async function refused(...words: string[]): Promise<string> {
  const { code, err } = await cloud.slapos(...words)
  assert.notEqual(code, 0)
  assert.equal(err.trim().split('\n').length, 1, err)
  return err
}
