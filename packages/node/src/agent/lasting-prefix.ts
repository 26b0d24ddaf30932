import { backoffDelay, EXIT, messageOf } from '@slapos/base'
import { readConfig } from '../config/index.ts'
import { prefixIsOutdated, runFormat } from '../format/run-format.ts'
import type { AgentParts } from './parts.ts'

/** Addresses come in crowds, and a new one is tentative for a moment. */
const SETTLE_MS = 1000
const BACKOFF = { first: 5000, most: 600_000 }

/**
 * Formats when a mesh or a provider brings a prefix while the partitions live on the temporary one, and tells the Master
 * until it knows. A prefix that goes away changes nothing: partitions keep their addresses until somebody formats.
 */
export function followLastingPrefix(parts: AgentParts, onFormatted: () => void): () => Promise<void> {
  const { host, clock, logs } = parts
  const ending = new AbortController()
  const { signal } = ending
  let timer: NodeJS.Timeout | undefined
  let work: Promise<void> | undefined

  async function replace(): Promise<void> {
    // As it is now: partitions may have been added since the agent started.
    const config = await readConfig(parts.config.path)
    if (!(await prefixIsOutdated(config, host))) return
    logs.logger('agent').info('a lasting IPv6 prefix is here: the temporary one is given back')
    const logger = logs.logger('format')
    for (let failures = 1; !signal.aborted; failures++) {
      const code = await runFormat(config, { dryRun: false, log: (level, message) => logger[level](message) })
      if (code === EXIT.ok) return onFormatted()
      await clock.sleep(backoffDelay(failures, BACKOFF), signal).catch(() => {})
    }
  }
  const look = () => {
    work ??= replace()
      .catch((error: unknown) => logs.logger('agent').error(messageOf(error)))
      .finally(() => {
        work = undefined
      })
  }
  const stop = host.onIpv6Change?.(() => {
    clearTimeout(timer)
    timer = setTimeout(look, SETTLE_MS)
  })
  return async () => {
    stop?.()
    clearTimeout(timer)
    ending.abort()
    await work
  }
}
