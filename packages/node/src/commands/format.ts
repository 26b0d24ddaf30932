import { randomInt } from 'node:crypto'
import { resolve } from 'node:path'
import { systemClock } from '@slapos/base'
import { askAgent } from '../agent/control-client.ts'
import type { NodeConfig } from '../config/index.ts'
import { nodeErrors } from '../errors.ts'
import { runFormat } from '../format/run-format.ts'
import { type CommandIo, type CommonOptions, consoleLog } from './io.ts'
import { openConfig } from './setting.ts'

export interface FormatCommandOptions extends CommonOptions {
  readonly now?: boolean
  readonly dryRun?: boolean
  /** `True` or `False`, before what slapos.cfg says. */
  readonly alterUser?: string
  readonly alterNetwork?: string
  /** State file, before what slapos.cfg says. */
  readonly computerXml?: string
  /** Of the existing command: told as without effect. */
  readonly inputDefinitionFile?: string
  readonly outputDefinitionFile?: string
}

/** Longest random delay without `--now`, seconds: a fleet started by one clock does not ask its Master at once. */
const MOST_DELAY = 3600

export async function formatCommand(
  io: CommandIo,
  options: FormatCommandOptions,
  signal?: AbortSignal,
): Promise<number> {
  const config = overridden(await openConfig(io, options), options)
  const log = consoleLog(io, { logFile: config.format.logFile, ...options })
  try {
    for (const warning of warningsFor(config, options)) log('warning', warning)
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

function overridden(config: NodeConfig, { alterUser, alterNetwork, computerXml }: FormatCommandOptions): NodeConfig {
  return {
    ...config,
    paths: computerXml === undefined ? config.paths : { ...config.paths, computerXml: resolve(computerXml) },
    format: {
      ...config.format,
      ...(alterUser === undefined ? {} : { alterUser: trueOrFalse('--alter_user', alterUser) }),
      ...(alterNetwork === undefined ? {} : { alterNetwork: trueOrFalse('--alter_network', alterNetwork) }),
    },
  }
}

function trueOrFalse(option: string, text: string): boolean {
  const value = text.toLowerCase()
  if (value !== 'true' && value !== 'false') throw nodeErrors.TRUE_OR_FALSE({ option, value: text })
  return value === 'true'
}

/** What somebody asked of `format` that it does not do. The agent's log tells the rest. */
function warningsFor({ path, warnings }: NodeConfig, options: FormatCommandOptions): readonly string[] {
  const told = warnings.filter((warning) => warning.includes('[slapformat]')).map((warning) => `${path}: ${warning}`)
  const given = options.inputDefinitionFile ?? options.outputDefinitionFile
  return given === undefined
    ? told
    : [...told, 'definition files have no effect: partitions are described by slapos.cfg alone']
}
