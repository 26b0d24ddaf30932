/** `slapos node keep`: the agent becomes a service of the node's own supervision tree, where no init keeps it. */
import { realpath } from 'node:fs/promises'
import { EXIT } from '@slapos/base'
import { openOwnSupervisor } from '../agent/compose.ts'
import type { NodeConfig } from '../config/config.ts'
import type { ServiceDefinition } from '../supervise/supervisor.ts'
import { type CommandIo, type CommonOptions, consoleLog } from './io.ts'
import { openConfig } from './setting.ts'

/** What the installer puts there; behind it is the version in use. */
const PROGRAM = '/usr/bin/slapos'

/** The name that people look for in `slapos node`. */
export const AGENT_SERVICE = 'watchdog'

/**
 * The scanner's supervises bring the agent back when it dies, and the agent brings the scanner back: only the loss of all
 * of them at once needs an init, or a person who repeats this. Starts the agent, or another one after an upgrade.
 */
export async function keepCommand(io: CommandIo, options: CommonOptions): Promise<number> {
  const config = await openConfig(io, options)
  const log = consoleLog(io, options)
  const supervisor = await openOwnSupervisor(config)
  try {
    const [change] = await supervisor.apply('', [agentService(config, await realpath(PROGRAM))])
    const agent = supervisor.status().find(({ partition, name }) => partition === '' && name === AGENT_SERVICE)
    // Stopped by hand, it waits for somebody to start it: here he is.
    const [started] = agent?.wanted === false ? await supervisor.control('start', AGENT_SERVICE) : []
    log('info', `the agent is kept running: ${started?.message ?? change?.action ?? 'as before'}`)
  } finally {
    await supervisor.close()
    log.close()
  }
  return EXIT.ok
}

/** `version` names the program's version: another one restarts the agent, and no service. */
export function agentService(config: Pick<NodeConfig, 'path' | 'paths'>, version: string): ServiceDefinition {
  return {
    partition: '',
    name: AGENT_SERVICE,
    kind: 'service',
    command: [PROGRAM, 'node', 'agent', '--cfg', config.path],
    environment: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' },
    directory: '/',
    runAs: { kind: 'self' },
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 30_000,
    hash: version,
    watch: false,
    up: true,
  }
}
