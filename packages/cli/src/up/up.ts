import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EXIT } from '@slapos/base'
import { openSession } from '../client/session.ts'
import { type Io, log } from '../io.ts'
import { checkout } from './checkout.ts'
import { Child } from './child.ts'
import { firstService } from './first-service.ts'
import { type Home, prepareHome, readCloudFile, writeCloudFile } from './home.ts'
import { joinNode } from './join-node.ts'
import { localHome } from './local-home.ts'
import { lockHome } from './lock.ts'
import { openInBrowser } from './open-browser.ts'
import { requireFreePort } from './ports.ts'
import { requirePrograms } from './programs.ts'
import { Progress } from './progress.ts'
import { stopServices } from './stop-services.ts'
import { commandFor, formatSummary } from './summary.ts'

export interface UpOptions {
  readonly home?: string
  readonly apiPort?: number
  readonly panelPort?: number
  readonly partitions?: number
  readonly keepServices?: boolean
  /** False: the panel's address is only printed. */
  readonly open?: boolean
  readonly demo?: boolean
}

const entry = join(import.meta.dirname, '../main.ts')
const host = '127.0.0.1'

/** A whole cloud on this machine, in the foreground until SIGINT or SIGTERM. */
export async function up(io: Io, options: UpOptions): Promise<number> {
  const home = localHome(io.environment, options.home)
  await prepareHome(home)
  await using _lock = await lockHome(home)
  requirePrograms()
  const cloud = await readCloudFile(home)
  const apiPort = portOf(options.apiPort, cloud.master_url, 5443)
  const panelPort = portOf(options.panelPort, cloud.panel_url, 5480)
  await requireFreePort(host, apiPort)
  await requireFreePort(host, panelPort)

  const progress = new Progress(io)
  const environment = childEnvironment(io)
  const part = (title: string, words: readonly string[], name: string) =>
    new Child({
      title,
      arguments: words,
      entry,
      log: join(home.logs, `${name}.log`),
      environment,
      onReady: (pid) => writeFile(join(home.root, `${name}.pid`), `${pid}\n`),
      onRestart: (reason) =>
        log(io, 'warning', `The ${name} ended (${reason}) and is started again; see ${home.logs}/${name}.log`),
    })
  const ports = ['--api-port', String(apiPort), '--panel-port', String(panelPort)]
  const master = part('Master', ['_cloud-master', '--home', home.root, ...ports], 'master')
  const agent = part('agent', ['node', 'agent', '--cfg', home.nodeConfiguration], 'agent')
  const ending = endOfForeground()
  try {
    const service = await Promise.race([start(), ending.then(() => undefined)])
    const ready = await readCloudFile(home)
    if (service !== undefined) {
      io.out(
        formatSummary({
          panel: ready.panel_url ?? '',
          user: ready.user ?? '',
          password: ready.password ?? '',
          masterUrl: ready.master_url ?? '',
          command: commandFor(home.root, process.cwd()),
          service: service ?? undefined,
          keepServices: options.keepServices ?? false,
        }),
      )
    }
    if (service !== undefined && options.open !== false) openInBrowser(io, ready.panel_url ?? '')
    await ending
  } finally {
    const keep = options.keepServices ?? false
    io.err(io.terminal ? '\n\n' : '\n  Stopping...\n')
    await progress.step(
      'Stop',
      (say) => {
        say('services, agent and Master')
        return stop(io, home, master, agent, keep)
      },
      () => (keep ? 'Master and agent are stopped; services go on' : 'Master, agent and services are stopped'),
    )
  }
  return EXIT.ok

  /** Null: no demonstration was wanted. */
  async function start() {
    await progress.step(
      'Master',
      (say) => {
        say('starting')
        return master.start()
      },
      () => `https://${host}:${apiPort}/`,
    )
    const { client_cfg: cfg, cloud_id: cloudId = '', panel_url: panelUrl = '' } = await readCloudFile(home)
    using session = await openSession(io, cfg === undefined ? {} : { cfg })
    const computer = await progress.step(
      'Node',
      (say) => joinNode(home, session, panelUrl, cloudId, options.partitions ?? 10, say),
      (id) => `${id}, ${options.partitions ?? 10} partitions`,
    )
    await writeCloudFile(home, { computer })
    await progress.step(
      'Agent',
      (say) => {
        say('starting')
        return agent.start()
      },
      () => 'connected',
    )
    return options.demo === false
      ? null
      : await firstService(progress, session, computer, join(checkout, 'releases/helloworld'))
  }
}

async function stop(io: Io, home: Home, master: Child, agent: Child, keepServices: boolean): Promise<void> {
  await agent.stop()
  if (!keepServices)
    await stopServices(home).catch((error: unknown) => log(io, 'warning', `Services may still run: ${error}`))
  await master.stop()
}

function portOf(option: number | undefined, recorded: string | undefined, fallback: number): number {
  if (option !== undefined) return option
  const port = recorded === undefined ? '' : (URL.parse(recorded)?.port ?? '')
  return port === '' ? fallback : Number(port)
}

/** What Master and agent inherit: an allow-list, so that nothing of the caller's shell leaks into services. */
function childEnvironment(io: Io): Record<string, string> {
  const names = [
    'PATH',
    'HOME',
    'USER',
    'LANG',
    'LC_ALL',
    'TZ',
    'SLAPOS_LOG',
    'NODE_COMPILE_CACHE',
    'http_proxy',
    'https_proxy',
    'no_proxy',
  ]
  return Object.fromEntries(
    names.flatMap((name) => (io.environment[name] === undefined ? [] : [[name, io.environment[name] ?? '']])),
  )
}

/** The listeners stay: a signal that comes again while we stop (npm passes on what the terminal sent) must not kill us. */
function endOfForeground(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve())
  return promise
}
