/** `node software`, `node instance`, `node report`, `node promise`: asked of the agent, or done here when none runs. */
import { askAgent } from '../agent/control-client.ts'
import type { ControlRequest, Send } from '../agent/protocol.ts'
import { openAgent } from '../agent/run-agent.ts'
import { serve } from '../agent/serve.ts'
import { type CommandIo, type CommonOptions, consoleLog } from './io.ts'
import { nameList, openConfig } from './setting.ts'

export interface SoftwareCommandOptions extends CommonOptions {
  readonly force?: boolean
  /** URLs, comma separated. */
  readonly only?: string
}

export interface InstanceCommandOptions extends CommonOptions {
  readonly force?: boolean
  /** Partitions, comma separated. */
  readonly only?: string
}

const listed = (only: string | undefined) => {
  const names = nameList(only)
  return names === undefined ? {} : { only: names }
}

export const softwareCommand = (io: CommandIo, options: SoftwareCommandOptions): Promise<number> =>
  pass(io, options, { command: 'software', force: options.force ?? false, ...listed(options.only) })

export const instanceCommand = (io: CommandIo, options: InstanceCommandOptions): Promise<number> =>
  pass(io, options, { command: 'instance', force: options.force ?? false, ...listed(options.only) })

export const reportCommand = (io: CommandIo, options: CommonOptions): Promise<number> =>
  pass(io, options, { command: 'report' })

export const promiseCommand = (io: CommandIo, options: InstanceCommandOptions): Promise<number> =>
  pass(io, options, { command: 'promise', ...listed(options.only) })

async function pass(io: CommandIo, options: CommonOptions, request: ControlRequest): Promise<number> {
  const config = await openConfig(io, options)
  const log = consoleLog(io, options)
  const send: Send = (message) => {
    if (message.type === 'log') log(message.level, message.message)
    else if (message.type === 'text') io.out(`${message.text}\n`)
  }
  try {
    const asked = await askAgent(config.paths.state, request, send)
    if (asked !== undefined) return asked
    const running = await openAgent(config, { control: false, follow: false })
    try {
      return await serve(running.agent, request, send)
    } finally {
      await running.close()
    }
  } finally {
    log.close()
  }
}
