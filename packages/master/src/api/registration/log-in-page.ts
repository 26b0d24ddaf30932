import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Credentials } from '../../identity/identity.ts'
import { sendText } from '../slap/answers.ts'
import { failureOf, sendFailureAsText } from '../slap/failures.ts'
import { passwordOf } from './password.ts'

/**
 * Before they register with a name and a password, existing clients read the page at the web address with them, and
 * take the word `Logout` in it for success. Browsers never send a password in this header: they get the panel.
 */
export function answerLogInPage(
  app: FastifyInstance,
  prefixes: readonly string[],
  credentials: Pick<Credentials, 'verify'>,
): void {
  const paths = new Set(prefixes.map((prefix) => withoutSlashes(prefix)))
  app.addHook('onRequest', async (request, reply) => {
    if (!asks(request)) return
    try {
      const { login, password } = passwordOf(request.headers.authorization)
      await credentials.verify({ login, password, address: request.ip })
    } catch (error) {
      return sendFailureAsText(failureOf(error, request), reply)
    }
    reply.header('cache-control', 'private, no-store')
    return sendText(
      reply,
      'The name and the password are right. Nothing was opened, so there is no need for a Logout.\n',
    )
  })

  const asks = ({ method, url, headers }: FastifyRequest): boolean =>
    method === 'GET' &&
    /^Basic /i.test(headers.authorization ?? '') &&
    paths.has(withoutSlashes(url.split('?')[0] ?? ''))
}

const withoutSlashes = (path: string): string => path.replaceAll(/\/{2,}/g, '/').replace(/\/$/, '')
