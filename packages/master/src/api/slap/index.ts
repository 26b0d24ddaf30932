import type { FastifyPluginAsync } from 'fastify'
import { askingRoutes } from './asking-routes.ts'
import { computerRoutes } from './computer-routes.ts'
import { answerFailuresAsText } from './failures.ts'
import { acceptForms } from './form.ts'
import type { SlapOptions } from './options.ts'
import { readingRoutes } from './reading-routes.ts'
import { reportingRoutes } from './reporting-routes.ts'

export { surfaceErrors } from './errors.ts'
export type { InstanceCertificates, MachineCloud, SlapOptions } from './options.ts'

/** The classic REST/XML API, for nodes, instances and clients with a certificate. To be registered without a prefix. */
export const slapSurface: FastifyPluginAsync<SlapOptions> = async (app, options) => {
  acceptForms(app)
  answerFailuresAsText(app)
  // Before the body is read: strangers do not get 4 MiB of the Master's attention.
  app.addHook('onRequest', async (request) => {
    options.identify(request)
  })
  computerRoutes(app, options)
  readingRoutes(app, options)
  askingRoutes(app, options)
  reportingRoutes(app, options)
}
