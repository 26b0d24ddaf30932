/** A node of its own under a temporary directory, with real processes, on a stand-in for `slapos proxy`. */

import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type FakeProxy, type FakeProxyOptions, startFakeProxy } from '@slapos/testkit/proxy/fake-proxy.ts'
import { removeTree } from '@slapos/testkit/remove-tree.ts'
import type { NodeAgent } from '../src/agent/agent.ts'
import { openSupervisor } from '../src/agent/compose.ts'
import { openAgent, type RunningAgent } from '../src/agent/run-agent.ts'
import { configText, localPaths, type NodeConfig, readConfig } from '../src/config/index.ts'
import { runFormat } from '../src/format/run-format.ts'
import { chooseLocalNetwork } from '../src/host/local-network.ts'

export interface LocalNodeOptions {
  /** Files of the release beside `release.json` and the schemas, by path. */
  readonly release: Readonly<Record<string, string>>
  readonly partitions?: number
  /** Lines that slapos.cfg has more in [slapos]. */
  readonly settings?: readonly string[]
  /** False: the test formats the node itself. */
  readonly format?: boolean
  /** What the stand-in does otherwise. */
  readonly proxy?: FakeProxyOptions
}

export interface LocalNode {
  readonly root: string
  readonly cfg: string
  readonly proxy: FakeProxy
  /** Where the release is; its URL too. */
  readonly release: string
  readonly agent: NodeAgent
  config(): Promise<NodeConfig>
  /** Starts an agent in this process. */
  open(): Promise<NodeAgent>
  /** Ends that agent; services live on. */
  close(): Promise<void>
  /** Directory of the partition that has this instance. */
  partition(title: string): string
  /** Process of a service of the partition that has this instance, while it runs. */
  pid(title: string, service?: string): number | undefined
  /** Asks for an instance, JSON parameters packed, and has the agent hear of it. */
  request(title: string, parameters?: object, state?: 'started' | 'stopped' | 'destroyed'): Promise<void>
  /** What the Master was told under this name. */
  told(path: string): readonly Readonly<Record<string, string>>[]
  /** Ends everything and removes every file. */
  end(): Promise<void>
}

const MANIFEST = {
  format: 1,
  name: 'web',
  version: '1',
  title: 'Web',
  build: [],
  'software-type': { default: { title: 'Web', request: 'request.json', response: 'response.json' } },
}

/** What every release needs, unless it brings its own. */
const RELEASE_FILES = {
  'release.json': JSON.stringify(MANIFEST),
  'request.json': '{"type":"object"}',
  'response.json': '{"type":"object"}',
}

export async function createLocalNode(options: LocalNodeOptions): Promise<LocalNode> {
  const root = await mkdtemp(join(tmpdir(), 'node-'))
  const proxy = await startFakeProxy(options.proxy)
  const release = join(root, 'release')
  for (const [path, content] of Object.entries({ ...RELEASE_FILES, ...options.release })) {
    await mkdir(dirname(join(release, path)), { recursive: true })
    await writeFile(join(release, path), content)
  }
  const cfg = await writeConfiguration(root, proxy.url, options)
  const config = () => readConfig(cfg)
  if (options.format !== false) await runFormat(await config(), { dryRun: false, log: () => {} })

  let running: RunningAgent | undefined
  const agent = () => {
    if (!running) throw new Error('no agent is open')
    return running.agent
  }
  const partition = (title: string) => proxy.state.partitionOf(title) ?? ''
  return {
    root,
    cfg,
    proxy,
    release,
    config,
    get agent() {
      return agent()
    },
    async open() {
      running = await openAgent(await config(), { control: false })
      return running.agent
    },
    async close() {
      await running?.close()
      running = undefined
    },
    partition: (title) => join(root, 'srv/slapgrid', partition(title)),
    pid: (title, service = 'web') =>
      agent()
        .parts.supervisor.status()
        .find((s) => s.partition === partition(title) && s.name === service && s.state === 'RUNNING')?.pid,
    async request(title, parameters = {}, state = 'started') {
      proxy.request({ title, releaseUrl: release, parameters: { _: JSON.stringify(parameters) }, state })
      await running?.agent.refresh()
    },
    told: (path) => proxy.calls.filter((call) => call.path === path).map(({ fields }) => fields),
    async end() {
      await running?.close()
      await openSupervisor(await config()).stopEverything()
      await proxy.close()
      await removeTree(root)
    },
  }
}

async function writeConfiguration(root: string, masterUrl: string, options: LocalNodeOptions): Promise<string> {
  const paths = localPaths(root, join(root, 'runtime'))
  const text = configText({
    ...paths,
    mode: 'local',
    computerId: 'local_computer',
    masterUrl,
    keyFile: '',
    certFile: '',
    certificateRepository: '',
    interfaceName: 'lo',
    ipv4LocalNetwork: await chooseLocalNetwork(root),
    partitionAmount: options.partitions ?? 1,
    createTap: false,
  })
  const settings = ['software_min_free_space = 1M', 'instance_min_free_space = 1M', ...(options.settings ?? [])]
  await mkdir(dirname(paths.configuration), { recursive: true })
  await mkdir(paths.logDirectory, { recursive: true })
  await writeFile(paths.configuration, text.replace('[slapformat]', `${settings.join('\n')}\n\n[slapformat]`))
  return paths.configuration
}
