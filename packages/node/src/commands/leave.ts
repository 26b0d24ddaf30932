/** `slapos node leave`: says good-bye to the Master, by this node's certificate, which is of no use afterwards. */
import { EXIT } from '@slapos/base'
import { AGENT_VERSION } from '../agent/compose.ts'
import type { NodeConfig } from '../config/config.ts'
import { nodeErrors } from '../errors.ts'
import { connectLink } from '../link/connect.ts'
import type { Outcome } from '../link/outcome.ts'
import { type CommandIo, type CommonOptions, consoleLog } from './io.ts'
import { openConfig } from './setting.ts'

/** A machine is not kept waiting when it is dismantled. */
const PATIENCE_MS = 10_000

export async function leaveCommand(io: CommandIo, options: CommonOptions): Promise<number> {
  const config = await openConfig(io, options)
  const log = consoleLog(io, options)
  try {
    const outcome = await leave(config)
    if (outcome.kind !== 'ok') {
      // What is refused has left already, or was sent away.
      if (outcome.kind === 'refused') log('info', `The Master does not know this computer any more: ${outcome.reason}`)
      else throw nodeErrors.NOT_LEFT({ computer: config.computerId, url: config.masterUrl, reason: outcome.reason })
      return EXIT.ok
    }
    const { instances } = outcome.value
    if (instances === 0) log('info', `The Master has removed ${config.computerId}.`)
    else {
      const what = instances === 1 ? '1 instance that is' : `${instances} instances that are`
      log('warning', `The Master has closed ${config.computerId}, and keeps it for the ${what} requested there.`)
    }
    return EXIT.ok
  } finally {
    log.close()
  }
}

async function leave(config: NodeConfig): Promise<Outcome<{ readonly instances: number }>> {
  const connected = await connectLink(config, AGENT_VERSION, PATIENCE_MS)
  if (connected.kind !== 'ok') return connected
  const { link } = connected.value
  try {
    return (await link.leave?.()) ?? { kind: 'failed', reason: 'it cannot be told so', missing: true }
  } finally {
    link.close()
  }
}
