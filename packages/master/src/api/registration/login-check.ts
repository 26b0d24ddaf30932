import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RegistrationOptions } from './options.ts'
import { hasPassword, passwordOf } from './password.ts'

/**
 * `slapos node register --login` of existing clients first gets the web address itself, with name and password, and
 * holds them for right when the page offers to log out. To be called on the application that serves that page.
 */
export function answerLoginChecks(
  app: FastifyInstance,
  credentials: RegistrationOptions['credentials'],
  pages: readonly string[],
): void {
  const asked = ({ method, url, headers }: FastifyRequest) =>
    method === 'GET' && pages.includes(url.replace(/\/*(\?.*)?$/, '')) && hasPassword(headers.authorization)
  app.addHook('onRequest', async (request, reply) => {
    if (!asked(request)) return
    const { login, password } = passwordOf(request.headers.authorization)
    await credentials.verify({ login, password, address: request.ip })
    return reply.header('cache-control', 'private, no-store').type('text/plain; charset=utf-8').send('Logout\n')
  })
}
