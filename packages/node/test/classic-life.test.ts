/**
 * A whole life on a Master that offers the classic API only, with the oddities of `slapos proxy`: what a node must
 * tolerate of existing Masters, each tolerance by its name. The stand-in writes what was recorded, byte for byte.
 */
import assert from 'node:assert/strict'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createSlapClient } from '@slapos/slap'
import { formatCommand } from '../src/commands/format.ts'
import type { CommandIo } from '../src/commands/io.ts'
import { instanceCommand, reportCommand, softwareCommand } from '../src/commands/pass.ts'
import { statusCommand } from '../src/commands/status.ts'
import { createClassicLink } from '../src/link/classic.ts'
import { createLocalNode, type LocalNode } from './local-node.ts'

/** Says what it was given, requests a child, and serves slaves. */
const INSTANCE = `import { defineInstance } from '@slapos/release'
export default defineInstance({
  default(instance) {
    const { child, empty = 'absent' } = instance.parameters
    const requested = child ? instance.request('db', { softwareType: 'default', parameters: { from: 'parent' } }) : {}
    instance.service('web', { command: ['/bin/sh', '-c', 'exec sleep 1000'] })
    for (const slave of instance.slaves) instance.publishSlave(slave, { url: 'http://' + slave.parameters.domain })
    instance.publish({ addresses: instance.ipv4 + ' ' + instance.ipv6, empty: JSON.stringify(empty), ...requested })
  },
})
`
const MANIFEST = {
  format: 1,
  name: 'web',
  version: '1',
  title: 'Web',
  build: [],
  'software-type': {
    default: { title: 'Web', request: 'request.json', response: 'response.json' },
    'default-slave': {
      ...{ title: 'Site', 'software-type': 'default', shared: true },
      ...{ request: 'request.json', response: 'response.json' },
    },
  },
}
const OTHER_ADDRESS = '10.99.99.99'

describe('a node on a Master that offers the classic API only must tolerate', () => {
  let node: LocalNode
  let log = ''
  let out = ''
  const io: CommandIo = {
    out: (text) => {
      out += text
    },
    err: (text) => {
      log += text
    },
    environment: {},
  }
  const run = async (command: (io: CommandIo, options: { cfg: string }) => Promise<number>) => {
    log = ''
    out = ''
    return command(io, { cfg: node.cfg })
  }
  const instance = () => run(instanceCommand)
  const request = (title: string, state: 'started' | 'stopped' | 'destroyed' = 'started') =>
    node.proxy.request({ title, releaseUrl: node.release, state, parameters: { child: 'true', empty: '' } })
  const slave = (state: 'started' | 'destroyed') =>
    node.proxy.request({
      title: 'site',
      releaseUrl: node.release,
      shared: true,
      state,
      parameters: { domain: 'a.example' },
    })
  const service = () => node.proxy.state.occupant('service')
  const child = () => node.proxy.state.occupant('db')
  const called = () => new Set(node.proxy.calls.map(({ path }) => path))

  before(async () => {
    node = await createLocalNode({
      ...{ partitions: 3, format: false },
      release: { 'instance.ts': INSTANCE, 'release.json': JSON.stringify(MANIFEST) },
      proxy: { unicode: true, elsewhere: [['slaptap0', OTHER_ADDRESS]] },
    })
    node.proxy.supply(node.release)
  })
  after(() => node.end())

  it('503 at the first getFullComputerInformation: it says so, and the next pass works', async () => {
    assert.equal(await run((on, { cfg }) => formatCommand(on, { cfg, now: true })), 0)
    node.proxy.fail(503)
    assert.equal(await run(softwareCommand), 1)
    assert.match(log, /the Master is failed: .* with status 503/)
    node.proxy.fail(undefined)
    assert.equal(await run(softwareCommand), 0, log)
  })

  it('free partitions that carry an _instance_guid: nothing is done on them', async () => {
    const path = 'getFullComputerInformation?computer_id=local_computer'
    assert.match(await (await fetch(`${node.proxy.url}${path}`)).text(), /<unicode>local_computer-slappart0<\/unicode>/)
    assert.equal(await instance(), 0)
    assert.ok(!called().has('startedComputerPartition'))
  })

  it('<unicode>, timestamps of float text, missing _access_status, _filter_dict and full_ip_list', async () => {
    request('service')
    assert.equal(await instance(), 0, log)
    assert.match(service()?.timestamp ?? '', /^\d+\.\d+$/)
    assert.ok(service()?.connection['addresses'], log)
    assert.ok(called().has('startedComputerPartition'))
  })

  it('null parameter values: they are empty texts', () => assert.equal(service()?.connection['empty'], '""'))

  it('empty certificates: the node then speaks for its instances, whose children and publications arrive', async () => {
    const client = createSlapClient({ url: node.proxy.url })
    const clientOf = () => assert.fail('there is nothing to make a client of')
    const link = createClassicLink({ computerId: 'local_computer', client, clientOf })
    const partition = node.proxy.state.partitionOf('db') ?? ''
    assert.equal((await link.publish(partition, { by: 'the node' })).kind, 'ok')
    link.close()
    assert.ok(called().has('getComputerPartitionCertificate'))
    assert.deepEqual([child()?.root, child()?.connection], ['service', { by: 'the node' }])
    assert.equal(await instance(), 0, log)
    assert.ok(child()?.connection['addresses'])
  })

  it('addresses of others mixed into the answer of a request: a partition uses its own', async () => {
    const own = node.proxy.state.partition(node.proxy.state.partitionOf('db') ?? '')?.ipList.map(([, ip]) => ip) ?? []
    const used = (child()?.connection['addresses'] ?? '').split(' ')
    assert.deepEqual(
      used.filter((ip) => ip !== 'null' && !own.includes(ip)),
      [],
    )
  })

  it('silence about what children publish: they are asked again at each pass', async () => {
    const stamp = service()?.timestamp
    assert.equal(await instance(), 0, log)
    assert.equal(service()?.timestamp, stamp)
    assert.equal(service()?.connection['addresses'], child()?.connection['addresses'])
  })

  it('404 on getHateoasUrl and updateComputerPartitionRelatedInstanceList: neither is needed', async () => {
    assert.equal((await fetch(`${node.proxy.url}getHateoasUrl`)).status, 404)
    const list = await fetch(`${node.proxy.url}updateComputerPartitionRelatedInstanceList`, { method: 'POST' })
    assert.equal(list.status, 404)
    assert.equal(await instance(), 0, log)
  })

  it('slaves without a timestamp, whose reference holds a title: they are served, and go', async () => {
    slave('started')
    assert.equal(await instance(), 0, log)
    assert.deepEqual(service()?.slaves[0]?.connection, { url: 'http://a.example' })
    slave('destroyed')
    assert.equal(await instance(), 0, log)
    assert.deepEqual(service()?.slaves, [])
  })

  it('absence of an access status: an up-to-date partition is not reported again and again', async () => {
    const before = node.told('startedComputerPartition').length
    for (let pass = 0; pass < 3; pass++) assert.equal(await instance(), 0, log)
    assert.equal(node.told('startedComputerPartition').length, before)
  })

  it('reporting bodies of any text', async () => {
    const reports = join(node.partition('service'), 'var/xml_report')
    await writeReport(reports)
    assert.equal(await run(reportCommand), 0, log)
    assert.ok(called().has('useComputer'))
    assert.deepEqual(await readdir(reports), [])
  })

  it('a stop that reaches children by their next request only', async () => {
    request('service', 'stopped')
    for (let pass = 0; pass < 2; pass++) assert.equal(await instance(), 0, log)
    assert.equal(child()?.state, 'stopped')
    await run(statusCommand)
    assert.doesNotMatch(out, /RUNNING/)
    assert.ok(node.told('stoppedComputerPartition').length >= 2)
    request('service', 'started')
    for (let pass = 0; pass < 2; pass++) assert.equal(await instance(), 0, log)
    assert.equal(child()?.state, 'started')
    await run(statusCommand)
    assert.equal(out.match(/:web-on-watch\s+RUNNING/g)?.length, 2, out)
  })

  it('the refusal to free a parent while children exist: it is told again until it goes', async () => {
    const directories = ['service', 'db'].map((title) => node.partition(title))
    request('service', 'destroyed')
    assert.equal(await instance(), 0, log)
    assert.equal(child()?.state, 'destroyed')
    assert.equal(service()?.state, 'destroyed')
    for (let pass = 0; pass < 2; pass++) assert.equal(await instance(), 0, log)
    assert.deepEqual([service(), child()], [undefined, undefined])
    for (const directory of directories) assert.deepEqual(await readdir(directory), ['.slapos-resource'])
    assert.deepEqual(await readdir(join(node.root, 'var/slaves')), [])
    // The partitions are free for others.
    request('another')
    assert.equal(await instance(), 0, log)
    assert.ok(node.proxy.state.occupant('another')?.connection['addresses'])
  })

  it('releases that are asked to go', async () => {
    request('another', 'destroyed')
    for (let pass = 0; pass < 3; pass++) assert.equal(await instance(), 0, log)
    node.proxy.supply(node.release, 'destroyed')
    assert.equal(await run(softwareCommand), 0, log)
    assert.equal(node.proxy.state.installations().size, 0)
    assert.deepEqual(await readdir(join(node.root, 'opt/slapgrid')), ['.log'])
  })
})

async function writeReport(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  const movement = '<movement><resource>v</resource><quantity>7</quantity><price>0</price><VAT/><category/></movement>'
  await writeFile(join(directory, 'v.xml'), `<consumption>${movement}</consumption>`)
}
