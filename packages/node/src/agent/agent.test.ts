import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type FakeProxy, startFakeProxy } from '@slapos/testkit/proxy/fake-proxy.ts'
import { configText, localPaths, parseConfig } from '../config/index.ts'
import { runFormat } from '../format/run-format.ts'
import { chooseLocalNetwork } from '../host/local-network.ts'
import { openAgent, type RunningAgent } from './run-agent.ts'

const RELEASE = {
  format: 1,
  name: 'web',
  version: '1',
  title: 'Web',
  build: [],
  'software-type': { default: { title: 'Web', request: 'request.json', response: 'response.json' } },
}
const INSTANCE = `import { defineInstance } from '@slapos/release'
export default defineInstance({
  default(instance) {
    const { message = 'hello', child = false, slow = false } = instance.parameters
    const db = child ? instance.request('db', { softwareType: 'default', parameters: { message: 'child' } }) : undefined
    if (message === 'broken') throw new Error('this instance is broken')
    const config = instance.file('etc/web.json', JSON.stringify({ message, slaves: instance.slaves.map((s) => s.reference) }))
    instance.directory('data')
    instance.service('web', {
      command: [instance.paths.node, '-e', 'console.log("up " + process.argv[1]); setInterval(() => {}, 1000)', config],
      reads: [config],
    })
    instance.publish({ message, ...(db ? { db: db.message } : {}) })
  },
})
`

const until = async (what: string, condition: () => boolean | Promise<boolean>, ms = 20_000) => {
  const end = Date.now() + ms
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not in ${ms} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

describe('agent with a classic Master and real processes', () => {
  let root = ''
  let proxy: FakeProxy
  let running: RunningAgent | undefined
  let text = ''
  const config = () => parseConfig(text, join(root, 'slapos.cfg'))
  const open = async () => {
    running = await openAgent(config(), { control: false })
    return running.agent
  }
  const agent = () => {
    if (!running) throw new Error('no agent')
    return running.agent
  }
  const release = () => join(root, 'release')
  const services = () => agent().parts.supervisor.status()
  const pid = (partition: string) => services().find((s) => s.partition === partition && s.state === 'RUNNING')?.pid
  const place = (title: string) => proxy.state.partitionOf(title) ?? ''

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'agent-'))
    proxy = await startFakeProxy()
    await mkdir(release())
    await writeFile(join(release(), 'release.json'), JSON.stringify(RELEASE))
    await writeFile(join(release(), 'request.json'), '{"type":"object"}')
    await writeFile(join(release(), 'response.json'), '{"type":"object"}')
    await writeFile(join(release(), 'instance.ts'), INSTANCE)
    const paths = localPaths(root, join(root, 'runtime'))
    text = configText({
      ...paths,
      mode: 'local',
      computerId: 'local_computer',
      masterUrl: proxy.url,
      keyFile: '',
      certFile: '',
      certificateRepository: '',
      interfaceName: 'lo',
      ipv4LocalNetwork: await chooseLocalNetwork(root),
      partitionAmount: 4,
      createTap: false,
    }).replace('[slapformat]', 'software_min_free_space = 1M\n[slapformat]')
    const lines: string[] = []
    assert.equal(await runFormat(config(), { dryRun: false, log: (_level, message) => lines.push(message) }), 0)
    assert.deepEqual(lines.slice(-2), [
      `Posting information to '${proxy.url.slice(0, -1)}'`,
      'slapos successfully prepared the computer.',
    ])
  })
  after(async () => {
    await running?.agent.parts.supervisor.stopEverything()
    await running?.close()
    await proxy.close()
    await rm(root, { recursive: true, force: true })
  })

  it('builds, deploys, runs, publishes and reports', async () => {
    proxy.supply(release())
    proxy.request({ title: 'web', releaseUrl: release() })
    await open()
    await until('published', () => proxy.state.occupant('web')?.connection['message'] === 'hello', 60_000)
    await until('reported', () => proxy.calls.some(({ path }) => path === 'startedComputerPartition'))
    assert.ok(pid(place('web')))
    const calls = proxy.calls.map(({ path }) => path)
    assert.ok(calls.includes('buildingSoftwareRelease') && calls.includes('availableSoftwareRelease'))
  })

  it('does nothing when nothing changed', async () => {
    const [calls, process] = [proxy.calls.length, pid(place('web'))]
    await agent().refresh()
    await agent().idle()
    assert.deepEqual(
      proxy.calls.slice(calls).map(({ path }) => path),
      ['getFullComputerInformation'],
    )
    assert.equal(pid(place('web')), process)
  })

  it('restarts a service whose configuration changed', async () => {
    const process = pid(place('web'))
    proxy.request({ title: 'web', releaseUrl: release(), parameters: { _: '{"message":"other"}' } })
    await agent().refresh()
    await until('other', () => proxy.state.occupant('web')?.connection['message'] === 'other')
    await until('restarted', () => pid(place('web')) !== undefined && pid(place('web')) !== process)
  })

  it('deploys a tree; the parent does not fail while the child waits', async () => {
    proxy.request({ title: 'tree', releaseUrl: release(), parameters: { _: '{"child":true}' } })
    await agent().refresh()
    await until('child asked', () => proxy.state.occupant('db') !== undefined)
    await agent().refresh()
    await until('child published', () => proxy.state.occupant('db')?.connection['message'] === 'child')
    // Our Master and ERP5 bump the parent; the proxy is banged.
    proxy.state.bang()
    await agent().refresh()
    await until('parent knows', () => proxy.state.occupant('tree')?.connection['db'] === 'child')
  })

  it('one bad partition disturbs no other, and keeps what runs', async () => {
    const process = pid(place('web'))
    proxy.request({ title: 'web', releaseUrl: release(), parameters: { _: '{"message":"broken"}' } })
    await agent().refresh()
    await until('error told', () => proxy.calls.some(({ path }) => path === 'softwareInstanceError'))
    const told = proxy.calls.find(({ path }) => path === 'softwareInstanceError')
    assert.match(told?.fields['error_log'] ?? '', /this instance is broken/)
    assert.equal(pid(place('web')), process)
    proxy.request({ title: 'web', releaseUrl: release(), parameters: { _: '{"message":"well"}' } })
    await agent().refresh()
    await until('well again', () => proxy.state.occupant('web')?.connection['message'] === 'well')
  })

  it('another agent takes over without touching a process, with the Master gone', async () => {
    const process = pid(place('web'))
    await running?.close()
    await proxy.pause()
    await open()
    assert.equal(pid(place('web')), process)
    await until(
      'condition',
      () => agent().master.condition === 'unreachable' && agent().master.reason !== 'not tried yet',
    )
    await proxy.resume()
    await agent().refresh()
    assert.equal(agent().master.condition, 'connected')
  })

  it('restores everything after the machine restarted, with the Master gone', async () => {
    await agent().parts.supervisor.stopEverything()
    await running?.close()
    await proxy.pause()
    await open()
    await until('running', () => pid(place('web')) !== undefined && pid(place('tree')) !== undefined)
    await proxy.resume()
    await agent().refresh()
  })

  it('tells silence, refusal and failure apart', async () => {
    for (const [status, condition] of [
      [403, 'refused'],
      [503, 'failed'],
    ] as const) {
      proxy.fail(status)
      await agent().refresh()
      assert.equal(agent().master.condition, condition)
    }
    proxy.fail(undefined)
    await agent().refresh()
    assert.equal(agent().master.condition, 'connected')
    assert.ok(pid(place('web')))
  })

  it('stops and keeps the data, then destroys without residue', async () => {
    const partition = place('web')
    const directory = join(root, 'srv/slapgrid', partition)
    await writeFile(join(directory, 'data/file'), 'mine')
    proxy.request({ title: 'web', releaseUrl: release(), state: 'stopped' })
    await agent().refresh()
    await until('stopped', () => proxy.calls.some(({ path }) => path === 'stoppedComputerPartition'))
    assert.equal(services().filter((s) => s.partition === partition).length, 0)
    assert.equal(await readFile(join(directory, 'data/file'), 'utf8'), 'mine')
    proxy.request({ title: 'web', releaseUrl: release(), state: 'destroyed' })
    await agent().refresh()
    await until('freed', () => proxy.state.occupant('web') === undefined)
    assert.deepEqual(await readdir(directory), ['.slapos-resource'])
    await agent().refresh()
    await until('forgotten', () => !existsSync(join(root, 'var/partitions', `${partition}.json`)))
  })

  it('only one process works on a node', async () => {
    await assert.rejects(openAgent(config()), { code: 'LOCKED' })
  })
})
