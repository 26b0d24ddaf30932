import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { test } from 'node:test'
import { createTcpRelay } from './tcp-relay.ts'
import { createUdpRelay } from './udp-relay.ts'

async function echoServer() {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  return { server, target: { host: '127.0.0.1', port: address.port } }
}

test('a TCP relay delays, keeps the order, stalls without a word, and delivers what it kept', async (t) => {
  const { server, target } = await echoServer()
  const relay = await createTcpRelay({ target, latencyMs: 20, jitterMs: 20 })
  t.after(async () => {
    await relay.close()
    server.close()
  })
  const client = connect(relay.port, '127.0.0.1')
  let got = ''
  client.on('data', (data) => {
    got += data.toString()
  })
  const started = performance.now()
  for (const letter of 'abc') client.write(letter)
  while (got !== 'abc') await once(client, 'data')
  assert.ok(performance.now() - started >= 39, 'both directions are delayed')

  relay.stall()
  relay.set({ latencyMs: 0, jitterMs: 0 })
  client.write('d')
  const quiet = await Promise.race([once(client, 'data'), new Promise((resolve) => setTimeout(resolve, 100, 'quiet'))])
  assert.equal(quiet, 'quiet')
  assert.equal(client.destroyed, false)
  const more = once(client, 'data')
  relay.resume()
  await more
  assert.equal(got, 'abcd')

  const broken = once(client, 'error')
  relay.cut()
  assert.equal((await broken)[0].code, 'ECONNRESET')
})

test('a TCP relay passes the end of a stream on', async (t) => {
  const { server, target } = await echoServer()
  const relay = await createTcpRelay({ target })
  t.after(async () => {
    await relay.close()
    server.close()
  })
  const client = connect(relay.port, '127.0.0.1')
  client.end('all')
  const chunks: string[] = []
  for await (const chunk of client) chunks.push(String(chunk))
  assert.equal(chunks.join(''), 'all')
})

test('a UDP relay loses its share and answers the right peer', async (t) => {
  const server = createSocket('udp4')
  server.on('message', (data, from) => server.send(data, from.port, from.address))
  server.bind(0, '127.0.0.1')
  await once(server, 'listening')
  let turn = 0
  // Every second datagram is lost: the "random" numbers alternate between delay and loss draws.
  const relay = await createUdpRelay({
    target: { host: '127.0.0.1', port: server.address().port },
    lossPercent: 50,
    random: () => (turn++ % 2 === 0 ? 0.9 : 0),
  })
  const client = createSocket('udp4')
  t.after(async () => {
    await relay.close()
    client.close()
    server.close()
  })
  const answer = once(client, 'message')
  client.send('hello', relay.port, '127.0.0.1')
  assert.equal(String((await answer)[0]), 'hello')
})
