import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Logger } from '@slapos/base'
import { messageOf } from '@slapos/base'
import type { ListenAt } from './options.ts'

const CLOSE_MS = 5_000

/**
 * `wget MASTER/slapos` and a browser that is given a bare name come to port 80: they are sent to the web side, and nothing
 * else is served there. Where that port is somebody else's, the Master goes without. Answers the function that ends it.
 */
export async function redirectToWeb(at: ListenAt, webUrl: () => string, logger: Logger): Promise<() => Promise<void>> {
  const server = createServer({ requestTimeout: CLOSE_MS, keepAliveTimeout: 1000 }, ({ method, url = '/' }, reply) => {
    // What is not only looked at may hold a secret: it is not to be sent here a second time.
    if (method !== 'GET' && method !== 'HEAD') {
      reply.writeHead(403, { 'content-type': 'text/plain' }).end(`Use ${webUrl()}\n`)
      return
    }
    const path = url.startsWith('/') ? url.replace(/^\/+/, '') : ''
    reply.writeHead(308, { location: `${webUrl()}${path}`, 'content-type': 'text/plain' }).end(`${webUrl()}${path}\n`)
  })
  server.listen(at.port, at.host)
  try {
    await once(server, 'listening')
  } catch (error) {
    logger.info(`nothing leads from ${at.host}:${at.port} to the web side: ${messageOf(error)}`)
    return async () => {}
  }
  return async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
}
