import { runAgent } from '../agent/run-agent.ts'
import type { CommandIo, CommonOptions } from './io.ts'
import { openConfig } from './setting.ts'

/** `slapos node agent`: in the foreground until SIGTERM or SIGINT. Its end stops no service. */
export async function agentCommand(io: CommandIo, options: CommonOptions): Promise<number> {
  // Whoever starts it: partitions pass through directories that it makes.
  process.umask(0o022)
  const config = await openConfig(io, options)
  const ending = new AbortController()
  const end = () => ending.abort()
  // Started by `slapos up`: told when it is ready, and ended with whoever started it.
  const events = ['SIGTERM', 'SIGINT', 'SIGHUP', 'disconnect']
  for (const event of events) process.on(event, end)
  try {
    return await runAgent(config, ending.signal, () => process.send?.('ready'))
  } finally {
    // A listener would keep the channel, and with it this process, alive.
    for (const event of events) process.off(event, end)
  }
}
