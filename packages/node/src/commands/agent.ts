import { runAgent } from '../agent/run-agent.ts'
import type { CommandIo, CommonOptions } from './io.ts'
import { openConfig } from './setting.ts'

/** `slapos node agent`: in the foreground until SIGTERM or SIGINT. Its end stops no service. */
export async function agentCommand(io: CommandIo, options: CommonOptions): Promise<number> {
  const config = await openConfig(io, options)
  const ending = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => ending.abort())
  // Started by `slapos up`: told when it is ready, and ended with whoever started it.
  process.once('disconnect', () => ending.abort())
  return runAgent(config, ending.signal, () => process.send?.('ready'))
}
