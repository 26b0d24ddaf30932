import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { requireFreePort } from './ports.ts'

test('a taken port is refused by name, a free one is left free', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  await assert.rejects(requireFreePort('127.0.0.1', address.port), {
    code: 'PORT_TAKEN',
    message: `cannot listen on 127.0.0.1:${address.port}: another program uses that port`,
  })
  await new Promise((done) => server.close(done))
  await requireFreePort('127.0.0.1', address.port)
  await requireFreePort('127.0.0.1', address.port)
})
