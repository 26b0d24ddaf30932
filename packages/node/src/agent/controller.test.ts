import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type FakeProxy, startFakeProxy } from '@slapos/testkit/proxy/fake-proxy.ts'
import { configText, localPaths, parseConfig } from '../config/index.ts'
import { runFormat } from '../format/run-format.ts'
import { chooseLocalNetwork } from '../host/local-network.ts'
import { openAgent, type RunningAgent } from './run-agent.ts'

const INSTANCE = `import { defineInstance } from '@slapos/release'
export default defineInstance({
  default(instance) {
    const controller = instance.service('controller', { command: [instance.paths.node, instance.release('controller.mjs')] })
    instance.controller(controller)
    instance.publish({ evaluated: String(Date.now()) })
  },
})
`
/** Publishes for each slave in which message it came. */
const CONTROLLER = `import { createConnection } from 'node:net'
function connect() {
  const socket = createConnection(process.env.SLAPOS_CONTROLLER_SOCKET)
  let rest = ''
  socket.on('data', (chunk) => {
    const lines = (rest + chunk).split('\\n')
    rest = lines.pop()
    for (const line of lines) {
      const { type, revision, changed, removed } = JSON.parse(line)
      console.log(type, changed.length, removed.join())
      const connections = Object.fromEntries(changed.map((slave) => [slave.reference, { by: type + ' ' + slave.title }]))
      socket.write(JSON.stringify({ type: 'published', connections }) + '\\n')
      socket.write(JSON.stringify({ type: 'ack', revision }) + '\\n')
    }
  })
  socket.on('error', () => {})
  socket.on('close', () => setTimeout(connect, 50))
}
connect()
`
const RELEASE = {
  format: 1,
  name: 'host',
  version: '1',
  title: 'Host',
  build: [],
  'software-type': { default: { title: 'Host', request: 'request.json', response: 'request.json' } },
}

const until = async (what: string, condition: () => boolean, ms = 20_000) => {
  const end = Date.now() + ms
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not in ${ms} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

describe('slaves of a release with a controller', () => {
  let root = ''
  let proxy: FakeProxy
  let running: RunningAgent | undefined
  const slave = (title: string, state: 'started' | 'destroyed' = 'started') =>
    proxy.request({ title, releaseUrl: join(root, 'release'), shared: true, state })
  const publishedFor = (title: string) =>
    proxy.state.occupant('host')?.slaves.find((item) => item.title === title)?.connection['by']

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'slaves-'))
    proxy = await startFakeProxy()
    const release = join(root, 'release')
    await mkdir(release)
    await writeFile(join(release, 'release.json'), JSON.stringify(RELEASE))
    await writeFile(join(release, 'request.json'), '{"type":"object"}')
    await writeFile(join(release, 'instance.ts'), INSTANCE)
    await writeFile(join(release, 'controller.mjs'), CONTROLLER)
    const paths = localPaths(root, join(root, 'runtime'))
    const text = configText({
      ...paths,
      mode: 'local',
      computerId: 'local_computer',
      masterUrl: proxy.url,
      keyFile: '',
      certFile: '',
      certificateRepository: '',
      interfaceName: 'lo',
      ipv4LocalNetwork: await chooseLocalNetwork(root),
      partitionAmount: 1,
      createTap: false,
    })
    const config = parseConfig(text.replace('[slapformat]', 'software_min_free_space = 1M\n[slapformat]'), 'slapos.cfg')
    await runFormat(config, { dryRun: false, log: () => {} })
    proxy.supply(release)
    proxy.request({ title: 'host', releaseUrl: release })
    running = await openAgent(config, { control: false })
  })
  after(async () => {
    await running?.agent.parts.supervisor.stopEverything()
    await running?.close()
    await proxy.close()
    await rm(root, { recursive: true, force: true })
  })

  it('go to it, and what it publishes goes to the Master, without running instance.ts again', async () => {
    await until('deployed', () => proxy.state.occupant('host')?.connection['evaluated'] !== undefined, 60_000)
    const evaluated = proxy.state.occupant('host')?.connection['evaluated']
    slave('one')
    slave('two')
    await running?.agent.refresh()
    await until('published', () => publishedFor('one') !== undefined && publishedFor('two') !== undefined)
    assert.match(publishedFor('one') ?? '', /^(snapshot|delta) one$/)
    slave('three')
    await running?.agent.refresh()
    await until('third', () => publishedFor('three') !== undefined)
    assert.equal(proxy.state.occupant('host')?.connection['evaluated'], evaluated)
  })

  it('are told again by a snapshot when the controller comes back', async () => {
    const name = `${proxy.state.partitionOf('host')}:controller`
    await running?.agent.parts.supervisor.control('restart', name)
    await until('snapshot', () => publishedFor('two') === 'snapshot two')
  })
})
