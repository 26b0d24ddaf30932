import { randomInt } from 'node:crypto'
import { systemClock } from '@slapos/base'
import { askAgent } from '../agent/control-client.ts'
import { runFormat } from '../format/run-format.ts'
import { type CommandIo, type CommonOptions, consoleLog } from './io.ts'
import { openConfig } from './setting.ts'

export interface FormatCommandOptions extends CommonOptions {
  readonly now?: boolean
  readonly dryRun?: boolean
}

/** Longest random delay without `--now`, seconds: a fleet started by one clock does not ask its Master at once. */
const MOST_DELAY = 3600

export async function formatCommand(
  io: CommandIo,
  options: FormatCommandOptions,
  signal?: AbortSignal,
): Promise<number> {
  const config = await openConfig(io, options)
  const log = consoleLog(io, { logFile: config.format.logFile, ...options })
  try {
    if (!options.now && !options.dryRun) {
      const seconds = randomInt(MOST_DELAY)
      log('info', `Sleeping for ${seconds} seconds. To disable this feature, use with --now parameter in manual.`)
      await systemClock.sleep(seconds * 1000, signal)
    }
    const code = await runFormat(config, { dryRun: options.dryRun ?? false, log, print: io.out })
    // New partitions are used at once.
    if (!options.dryRun) await askAgent(config.paths.state, { command: 'refresh' }, () => {}).catch(() => {})
    return code
  } finally {
    log.close()
  }
}
