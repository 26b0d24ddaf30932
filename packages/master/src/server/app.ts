import type { Logger } from '@slapos/base'
import Fastify, { type FastifyInstance, LogController } from 'fastify'
import { answerFailures } from './failures.ts'
import { fastifyLogger } from './fastify-logger.ts'
import type { Listener } from './tls.ts'
import { validateInput } from './validation.ts'

/** What both listeners have in common. */
export function createApp(listener: Listener, logger: Logger, trustedProxies: readonly string[] = []): FastifyInstance {
  const app = Fastify({
    // `request.ip` is then what such a proxy says in X-Forwarded-For, and of others the address of their connection.
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    serverFactory: listener.factory,
    loggerInstance: fastifyLogger(logger),
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 500 },
  })
  validateInput(app)
  answerFailures(app)
  return app
}
