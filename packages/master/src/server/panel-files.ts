import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** Where the dashboard of the existing system is: bookmarks and the tutorial lead here. */
const FORMER_PATH = '/erp5/web_site_module/hostingjs'

/** The built panel: hashed assets for ever, one page for every other address. */
export async function servePanel(app: FastifyInstance, directory: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: directory,
    wildcard: true,
    index: false,
    preCompressed: true,
    setHeaders: (reply, path) => {
      const hashed = path.includes('/assets/')
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.get('/', (_request, reply) => page(reply))
  for (const path of [FORMER_PATH, `${FORMER_PATH}/`]) app.get(path, (_request, reply) => reply.redirect('/'))
  app.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
    if (wantsPage && request.url.startsWith(`${FORMER_PATH}/`)) return reply.redirect('/')
    if (wantsPage && !request.url.startsWith('/api/')) return page(reply)
    return reply.code(404).send({ code: 'ROUTE_UNKNOWN', message: 'there is nothing here', next: '' })
  })

  async function page(reply: FastifyReply): Promise<FastifyReply> {
    const html = await readFile(join(directory, 'index.html'), 'utf8').catch(() => undefined)
    if (html === undefined) {
      return reply
        .code(503)
        .type('text/plain; charset=utf-8')
        .send('The panel is not built: npm run build -w @slapos/panel')
    }
    const nonce = randomBytes(16).toString('base64')
    return reply
      .headers({
        'cache-control': 'no-store',
        'content-security-policy': policy(nonce),
      })
      .type('text/html; charset=utf-8')
      .send(html.replaceAll('__NONCE__', nonce))
  }
}

const policy = (nonce: string): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    // React sets single properties; no stylesheet can come this way.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
