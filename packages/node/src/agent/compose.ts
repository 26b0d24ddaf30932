/** Puts the agent's parts together for a configuration. The one place that chooses implementations. */
import { join } from 'node:path'
import { type Clock, systemClock } from '@slapos/base'
import type { NodeConfig } from '../config/config.ts'
import type { Host } from '../host/host.ts'
import { createLocalHost } from '../host/local.ts'
import { createPromiseMonitor, KnownResults, resultPath, resultText } from '../promise/index.ts'
import { type BuildProgress, createBuilder } from '../software/index.ts'
import { createSupervisor, type Supervisor, userNamespacesPermitted } from '../supervise/index.ts'
import { createNodeLogs } from './logs.ts'
import type { AgentParts } from './parts.ts'

export const AGENT_VERSION = '0.1.0'

export async function composeAgent(config: NodeConfig, clock: Clock = systemClock): Promise<AgentParts> {
  const logs = createNodeLogs(config.paths.logs)
  const host = await openHost(config, (message) => logs.logger('agent').info(message))
  const users = await host.ownUsers()
  const supervisor = createSupervisor({
    directory: superviseDirectory(config),
    logAs: users.log,
    clock,
    logger: logs.logger('agent'),
  })
  const listeners = new Set<(progress: BuildProgress) => void>()
  const builder = createBuilder({
    softwareRoot: config.paths.software,
    runtimeRoot: config.paths.runtime,
    log: logs.logger('software'),
    localSources: config.mode === 'local',
    minFreeBytes: config.softwareMinFreeBytes,
    ...(users.build ? { buildUser: users.build } : {}),
    clock,
    onProgress: (progress) => {
      for (const listener of listeners) listener(progress)
    },
  })
  const results = new KnownResults(join(config.paths.state, 'promises.json'), logs.logger('agent'))
  const userNamespaces = await userNamespacesPermitted()
  const promises = createPromiseMonitor({
    known: await results.load(),
    userNamespaces,
    timeoutSeconds: config.promiseTimeoutSeconds,
    service: (partition, name) =>
      supervisor.status().find((status) => status.partition === partition && status.name === name),
    // Where classic tools look for them; written with the partition's rights.
    save: async (partition, reports) => {
      const files = reports.map((report) => ({
        path: resultPath(report.name),
        content: resultText(report),
        mode: 0o640,
      }))
      await host.files(partition, { remove: [], directories: [], files })
    },
    clock,
    logger: logs.logger('agent'),
  })
  promises.onChange((report) => results.remember(report))
  promises.onRemoved((gone) => results.forget(gone))
  return {
    config,
    version: AGENT_VERSION,
    host,
    supervisor,
    builder,
    promises,
    userNamespaces,
    logs,
    clock,
    onBuild: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {
      await promises.close()
      await results.close()
      await supervisor.close()
      host.close()
      await logs.close()
    },
  }
}

const superviseDirectory = ({ paths }: Pick<NodeConfig, 'paths'>): string => join(paths.state, 'supervise')

/** For commands that define services, or repair what they find: it writes their files as the agent does. */
export async function openOwnSupervisor(config: NodeConfig): Promise<Supervisor> {
  const host = await openHost(config, () => {})
  const { log: logAs } = await host.ownUsers().finally(() => host.close())
  const supervisor = createSupervisor({ directory: superviseDirectory(config), logAs })
  await supervisor.open()
  return supervisor
}

/** For commands that only look at what runs. */
export function openSupervisor(config: Pick<NodeConfig, 'paths'>): Supervisor {
  return createSupervisor({ directory: superviseDirectory(config) })
}

/** Closing a host ends the forwards that it keeps itself. */
export type ClosableHost = Host & { close(): void }

export async function openHost(config: NodeConfig, log: (message: string) => void): Promise<ClosableHost> {
  if (config.mode === 'local') {
    return createLocalHost({ paths: config.paths, network: config.format.ipv4LocalNetwork, log })
  }
  // Only who needs it pays for it: the local agent never loads the code that rules users and addresses.
  const { createSystemHost } = await import('../host/system.ts')
  return createSystemHost(config, log)
}
