import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import files from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'

export interface PanelPagesOptions {
  /** `packages/panel/dist` */
  readonly directory: string
}

/** The tutorial's address. */
const OLD_PATH = '/erp5/web_site_module/hostingjs'

/**
 * The built panel: its files, and its page for every address that it routes itself. To be registered at the root of the
 * web listener, after the APIs.
 */
export const panelPages: FastifyPluginAsync<PanelPagesOptions> = async (app, { directory }) => {
  const page = await readFile(join(directory, 'index.html'), 'utf8')
  await app.register(files, {
    root: directory,
    serve: true,
    index: false,
    wildcard: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Names of built files carry their hash: what has the name has the content.
      const built = path.includes('/assets/')
      reply.setHeader('cache-control', built ? 'public, max-age=31536000, immutable' : 'no-cache')
      reply.setHeader('x-content-type-options', 'nosniff')
    },
  })
  for (const path of [
    '/',
    '/login',
    '/invitation',
    '/servers',
    '/services',
    '/software',
    '/monitoring',
    '/map',
    '/activity',
    '/settings',
  ]) {
    app.get(path, send)
  }
  for (const path of ['/servers/*', '/services/*']) app.get(path, send)
  for (const path of [OLD_PATH, `${OLD_PATH}/`, `${OLD_PATH}/*`])
    app.get(path, (_request, reply) => reply.redirect('/'))

  function send(_request: unknown, reply: import('fastify').FastifyReply) {
    const nonce = randomBytes(16).toString('base64')
    return reply
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'content-security-policy': [
          "default-src 'none'",
          "script-src 'self'",
          // The nonce is for styles that components make at run time; attributes set by scripts need none.
          `style-src 'self' 'nonce-${nonce}'`,
          "img-src 'self' data:",
          "font-src 'self'",
          "connect-src 'self'",
          "form-action 'self'",
          "base-uri 'none'",
          "frame-ancestors 'none'",
        ].join('; '),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'same-origin',
        'permissions-policy': 'camera=(), microphone=(), geolocation=()',
      })
      .send(page.replace('__NONCE__', nonce))
  }
}
