import { EXIT } from '@slapos/base'
import { AGENT_VERSION } from '../agent/compose.ts'
import { askAgent } from '../agent/control-client.ts'
import { nodeErrors } from '../errors.ts'
import { runFormat } from '../format/run-format.ts'
import { connectLink } from '../link/connect.ts'
import { type CommandIo, type CommonOptions, consoleLog } from './io.ts'
import { openConfig } from './setting.ts'

export interface BangCommandOptions extends CommonOptions {
  readonly message?: string
}

/** Asks the Master to have everything on this node processed again. */
export async function bangCommand(io: CommandIo, options: BangCommandOptions): Promise<number> {
  const config = await openConfig(io, options)
  const message = options.message ?? ''
  io.out(`Banging to '${config.masterUrl}'\n`)
  const connected = await connectLink(config, AGENT_VERSION)
  const outcome = connected.kind === 'ok' ? await connected.value.link.bang(message) : connected
  if (connected.kind === 'ok') connected.value.link.close()
  if (outcome.kind !== 'ok') {
    throw nodeErrors.MASTER({
      url: config.masterUrl,
      condition: outcome.kind,
      reason: outcome.reason,
      advice: 'Run the command again later.',
    })
  }
  io.out(`Bang with message '${message}'\n`)
  return EXIT.ok
}

/** A machine does not wait longer for its Master when it starts: the agent tells the rest when it is back. */
const BOOT_PATIENCE_MS = 15_000

/** After a machine's start: the addresses are back. The agent restores services by itself, without the Master. */
export async function bootCommand(io: CommandIo, options: CommonOptions): Promise<number> {
  const config = await openConfig(io, options)
  const log = consoleLog(io, { logFile: config.format.logFile, ...options })
  try {
    const code = await runFormat(config, {
      dryRun: false,
      patienceMs: BOOT_PATIENCE_MS,
      log: (level, text, name) => log(level, `[BOOT] ${text}`, name),
    })
    await askAgent(config.paths.state, { command: 'refresh' }, () => {}).catch(() => {})
    // The Master's absence is no reason for a machine not to start.
    return code === EXIT.partial ? EXIT.ok : code
  } finally {
    log.close()
  }
}
