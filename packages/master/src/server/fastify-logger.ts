import type { Logger } from '@slapos/base'
import type { FastifyBaseLogger } from 'fastify'

/** Fastify's idea of a logger over ours: it logs failures, not requests. */
export function fastifyLogger(logger: Logger): FastifyBaseLogger {
  const say = (level: keyof Logger) => (first: unknown, message?: string) => {
    logger[level](typeof first === 'string' ? first : `${message ?? ''} ${detailOf(first)}`.trim())
  }
  const adapter: FastifyBaseLogger = {
    level: 'info',
    fatal: say('error'),
    error: say('error'),
    warn: say('warning'),
    info: say('debug'),
    debug: () => {},
    trace: () => {},
    silent: () => {},
    child: () => adapter,
  }
  return adapter
}

function detailOf(value: unknown): string {
  const error = typeof value === 'object' && value !== null && 'err' in value ? value.err : value
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
