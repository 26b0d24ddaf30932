import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type FakeProxy, startFakeProxy } from '@slapos/testkit/proxy/fake-proxy.ts'
import { configText, localPaths, readConfig } from '../config/index.ts'
import { runFormat } from '../format/run-format.ts'
import { chooseLocalNetwork } from '../host/local-network.ts'
import type { Supervisor } from '../supervise/supervisor.ts'
import { openSupervisor } from './compose.ts'
import { takeNodeLock } from './lock.ts'

const RELEASE = {
  format: 1,
  name: 'web',
  version: '1',
  title: 'Web',
  build: [],
  'software-type': { default: { title: 'Web', request: 'request.json', response: 'request.json' } },
}
const INSTANCE = `import { defineInstance } from '@slapos/release'
export default defineInstance({
  default(instance) {
    instance.service('web', { command: ['/bin/sleep', '1000'] })
    instance.publish({ up: 'yes' })
  },
})
`
const MAIN = new URL('../commands/agent.ts', import.meta.url).href

const until = async (what: string, condition: () => boolean, ms = 20_000) => {
  const end = Date.now() + ms
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not in ${ms} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

describe('the agent as a process', () => {
  let root = ''
  let cfg = ''
  let proxy: FakeProxy
  let supervisor: Supervisor
  let child: ChildProcess | undefined
  const start = async () => {
    const script = `const { agentCommand } = await import(${JSON.stringify(MAIN)})
      process.exitCode = await agentCommand({ out() {}, err() {}, environment: {} }, { cfg: ${JSON.stringify(cfg)} })`
    const started = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    child = started
    await once(started, 'message')
  }
  const pid = () => supervisor.status().find(({ name, state }) => name === 'web' && state === 'RUNNING')?.pid

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'crash-'))
    proxy = await startFakeProxy()
    const release = join(root, 'release')
    await mkdir(release)
    await writeFile(join(release, 'release.json'), JSON.stringify(RELEASE))
    await writeFile(join(release, 'request.json'), '{"type":"object"}')
    await writeFile(join(release, 'instance.ts'), INSTANCE)
    const paths = localPaths(root, join(root, 'runtime'))
    cfg = paths.configuration
    await mkdir(join(cfg, '..'), { recursive: true })
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
    await writeFile(cfg, text.replace('[slapformat]', 'software_min_free_space = 1M\n[slapformat]'))
    const config = await readConfig(cfg)
    await runFormat(config, { dryRun: false, log: () => {} })
    proxy.supply(release)
    proxy.request({ title: 'web', releaseUrl: release })
    supervisor = openSupervisor(config)
  })
  after(async () => {
    child?.kill('SIGKILL')
    await supervisor.stopEverything()
    await proxy.close()
    await rm(root, { recursive: true, force: true })
  })

  it('deploys, and its end by SIGTERM stops no service', async () => {
    await start()
    await until('published', () => proxy.state.occupant('web')?.connection['up'] === 'yes', 60_000)
    const running = pid()
    assert.ok(running)
    child?.kill('SIGTERM')
    if (child) assert.deepEqual(await once(child, 'exit'), [0, null])
    assert.equal(pid(), running)
  })

  it('killed, it leaves no lock behind, and the next one touches no process', async () => {
    const running = pid()
    await start()
    assert.equal(await takeNodeLock(join(root, 'var')), undefined)
    child?.kill('SIGKILL')
    if (child) await once(child, 'exit')
    await start()
    assert.equal(pid(), running)
    const calls = proxy.calls.length
    await until('it asked the Master', () => proxy.calls.length > calls)
    child?.disconnect() // whoever started it is gone
    if (child) await once(child, 'exit')
    assert.equal(pid(), running)
  })
})
