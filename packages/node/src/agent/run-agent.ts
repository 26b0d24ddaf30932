import type { NodeConfig } from '../config/config.ts'
import { nodeErrors } from '../errors.ts'
import { NodeAgent } from './agent.ts'
import { composeAgent } from './compose.ts'
import { openControlServer } from './control-server.ts'
import { followLastingPrefix } from './lasting-prefix.ts'
import { takeNodeLock } from './lock.ts'

export interface RunningAgent {
  readonly agent: NodeAgent
  close(): Promise<void>
}

/**
 * Opens the agent of a node: lock, parts, everything deployed restored. Throws LOCKED.
 * `control`: serves commands on its socket. `follow`: speaks to the Master by itself, now and whenever something changes;
 * a single pass does without.
 */
export async function openAgent(config: NodeConfig, { control = true, follow = true } = {}): Promise<RunningAgent> {
  const lock = await takeNodeLock(config.paths.state)
  if (!lock) throw nodeErrors.LOCKED()
  try {
    const agent = new NodeAgent(await composeAgent(config))
    for (const warning of config.warnings) agent.parts.logs.logger('agent').warning(`${config.path}: ${warning}`)
    await agent.open({ follow })
    const server = control ? await openControlServer(agent) : undefined
    const leavePrefix = follow ? followLastingPrefix(agent.parts, () => void agent.refresh()) : undefined
    return {
      agent,
      async close() {
        await leavePrefix?.()
        if (server) await new Promise<void>((resolve) => server.close(() => resolve()))
        await agent.close()
        await lock.release()
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** Runs the agent until the signal (SIGTERM of whoever supervises it). Services live on. */
export async function runAgent(
  config: NodeConfig,
  signal: AbortSignal,
  onReady: () => void = () => {},
): Promise<number> {
  const running = await openAgent(config)
  onReady()
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  await running.close()
  return 0
}
