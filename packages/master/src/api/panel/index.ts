import cookie from '@fastify/cookie'
import swagger from '@fastify/swagger'
import type { FastifyPluginAsync } from 'fastify'
import type { PanelApp } from './app.ts'
import { authenticate } from './authenticate.ts'
import { withComponents } from './components.ts'
import { declared, securitySchemes } from './declared.ts'
import type { PanelOptions } from './options.ts'
import { apiTokenRoutes } from './routes/api-tokens.ts'
import { clientCertificateRoutes } from './routes/client-certificates.ts'
import { feedRoutes } from './routes/feeds.ts'
import { homeRoutes } from './routes/home.ts'
import { installationRoutes } from './routes/installations.ts'
import { joinTokenRoutes } from './routes/join-tokens.ts'
import { notificationRoutes } from './routes/notifications.ts'
import { peopleRoutes } from './routes/people.ts'
import { serverRoutes } from './routes/servers.ts'
import { serviceRoutes } from './routes/services.ts'
import { sessionRoutes } from './routes/session.ts'
import { softwareRoutes } from './routes/software.ts'
import { telemetryRoutes } from './routes/telemetry.ts'

export { composePanel, type PanelParts } from './compose.ts'
export { panelErrors } from './errors.ts'
export type { PanelOptions } from './options.ts'

/** The panel API. To be registered with the prefix `/api/v1`. */
export const panelSurface: FastifyPluginAsync<PanelOptions> = async (plain, options) => {
  await plain.register(cookie)
  plain.addHook('onRoute', declared)
  await plain.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      components: { securitySchemes },
      info: {
        title: 'SlapOS panel API',
        version: '1',
        description:
          'Everything that the panel does. Log in with POST /api/v1/session and send its `csrf` as X-CSRF-Token with ' +
          'every change, or send an API token as `Authorization: Bearer`. Times are milliseconds since the epoch.',
      },
    },
    transformObject: (document) => withComponents('openapiObject' in document ? document.openapiObject : {}),
  })
  plain.addHook('onRequest', async (request) => {
    const { needs } = request.routeOptions.config
    if (needs !== 'nobody') request.visitor = await authenticate(request, options, needs)
  })
  plain.addHook('onSend', async (_request, reply) => {
    // Answers are personal: no cache between the Master and the browser may keep them.
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-store')
  })
  // Routes say their answers for the document and the types; re-shaping each answer at run time would only cost.
  plain.setSerializerCompiler(() => JSON.stringify)
  const app: PanelApp = plain.withTypeProvider()
  for (const routes of ROUTES) routes(app, options)
  app.get('/openapi.json', { config: { needs: 'nobody' }, schema: { hide: true } }, () => plain.swagger())
}

const ROUTES = [
  sessionRoutes,
  apiTokenRoutes,
  homeRoutes,
  serverRoutes,
  installationRoutes,
  joinTokenRoutes,
  clientCertificateRoutes,
  softwareRoutes,
  serviceRoutes,
  telemetryRoutes,
  peopleRoutes,
  notificationRoutes,
  feedRoutes,
]
