import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { silentLogger } from '@slapos/base'
import { redirectToWeb } from './redirect.ts'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

test('who comes without TLS is sent to the web side, with the path, and can leave nothing', async (t) => {
  const port = await freePort()
  const close = await redirectToWeb({ host: '127.0.0.1', port }, () => 'https://m.example/', silentLogger)
  t.after(close)
  const ask = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method, redirect: 'manual' })
  const led = async (path: string) => (await ask(path)).headers.get('location')
  assert.equal((await ask('/slapos')).status, 308)
  assert.equal(await led('/slapos'), 'https://m.example/slapos')
  assert.equal(await led('/'), 'https://m.example/')
  assert.equal(await led('//evil.example/x'), 'https://m.example/evil.example/x')
  assert.equal((await ask('/login', 'POST')).status, 403)
})

test('a port that is taken is no reason not to start', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const said: string[] = []
  const logger = { ...silentLogger, info: (message: string) => void said.push(message) }
  const close = await redirectToWeb({ host: '127.0.0.1', port }, () => 'https://m.example/', logger)
  await close()
  assert.match(said.join(), /^nothing leads from 127\.0\.0\.1:\d+ to the web side: /)
  other.close()
})
