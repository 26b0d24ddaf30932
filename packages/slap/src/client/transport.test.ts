import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { serve } from './testing.ts'
import { createTransport } from './transport.ts'

test('a kept connection that leads nowhere any more costs a moment, and the call is answered on a new one', async () => {
  const answered = new WeakSet<object>()
  let forgotten = 0
  const server = await serve((request, response) => {
    // As behind a router that has forgotten: the second request of a connection is heard by nobody.
    if (answered.has(request.socket)) forgotten++
    else response.end('here')
    answered.add(request.socket)
  })
  const transport = createTransport({ url: server.url })
  const call = { method: 'GET', path: 'x', silenceMs: 200 } as const
  try {
    assert.equal((await transport.send(call)).body, 'here')
    assert.equal((await transport.send(call)).body, 'here')
    assert.equal(forgotten, 1)
  } finally {
    transport.close()
    await server.close()
  }
})

test('a stream never begins on a kept connection, and makes an end of those', async () => {
  const asked: object[] = []
  const server = await serve((request, response) => {
    const known = asked.includes(request.socket)
    asked.push(request.socket)
    if (!known) response.end('here')
  })
  const transport = createTransport({ url: server.url, timeoutMs: 2000 })
  const call = { method: 'GET', path: 'x' } as const
  try {
    await transport.send(call)
    const stream = await transport.stream(call, new AbortController().signal)
    stream.resume()
    await once(stream, 'end')
    await transport.stream(call, new AbortController().signal).then((again) => again.destroy())
    await transport.send(call)
    assert.equal(new Set(asked).size, 4)
  } finally {
    transport.close()
    await server.close()
  }
})

test('a server that never says a word is unreachable, and is not asked twice', async () => {
  let asked = 0
  const server = await serve(() => {
    asked++
  })
  const transport = createTransport({ url: server.url })
  try {
    await assert.rejects(transport.send({ method: 'GET', path: 'x', silenceMs: 200 }), {
      kind: 'unreachable',
      message: /no byte for 0\.2 s/,
    })
    assert.equal(asked, 1)
  } finally {
    transport.close()
    await server.close()
  }
})
