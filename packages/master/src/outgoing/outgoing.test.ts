import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { it, type TestContext } from 'node:test'
import { createFetcher } from '../catalog/fetch.ts'
import { isPrivate } from './addresses.ts'
import { exchange, outgoingPolicy, Refusal, type ResolvedAddress } from './exchange.ts'

/** In these tests 127.0.0.1 plays a public address, and 127.0.0.2 one of the Master's own network. */
const OUTSIDE = '127.0.0.1'
const INSIDE = '127.0.0.2'
const forbidden = (address: string) => address === INSIDE
const signal = () => AbortSignal.timeout(30_000)

async function listening(t: TestContext, host: string, port: number, listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(port, host)
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A name server whose answers change from question to question; the last one stays. */
function resolver(...answers: readonly (readonly string[])[]) {
  const asked: string[] = []
  const resolve = async (host: string): Promise<readonly ResolvedAddress[]> => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? []
    asked.push(host)
    return answer.map((address) => ({ address, family: 4 }))
  }
  return { asked, policy: outgoingPolicy(false, { schemes: ['http:'], forbidden, resolve }) }
}

it('connects to the address that was judged, whatever the name means a moment later', async (t) => {
  const heard: string[] = []
  const port = await listening(t, OUTSIDE, 0, (request, response) => {
    heard.push(String(request.headers.host))
    response.end('outside')
  })
  await listening(t, INSIDE, port, (_request, response) => response.end('inside'))
  const { asked, policy } = resolver([OUTSIDE], [INSIDE])
  const answer = await exchange({ url: `http://rebinds.example:${port}/`, signal: signal() }, policy)
  assert.deepEqual([answer.status, answer.body, asked], [200, 'outside', ['rebinds.example']])
  assert.deepEqual(heard, [`rebinds.example:${port}`])
  // The next question gets the other answer, which is judged too.
  await assert.rejects(exchange({ url: `http://rebinds.example:${port}/`, signal: signal() }, policy), Refusal)
})

it('one private address among several refuses the name', async (t) => {
  let heard = 0
  const port = await listening(t, OUTSIDE, 0, (_request, response) => {
    heard += 1
    response.end()
  })
  for (const answers of [[INSIDE, OUTSIDE], [OUTSIDE, INSIDE], [INSIDE]]) {
    const { policy } = resolver(answers)
    await assert.rejects(exchange({ url: `http://mixed.example:${port}/`, signal: signal() }, policy), Refusal)
  }
  assert.equal(heard, 0)
})

it('a redirection is judged like a first request', async (t) => {
  let inside = 0
  const port = await listening(t, OUTSIDE, 0, (request, response) => {
    const location = request.url === '/name' ? `http://inside.example:${port}/` : `http://${INSIDE}:${port}/`
    response.writeHead(302, { location }).end()
  })
  await listening(t, INSIDE, port, (_request, response) => {
    inside += 1
    response.end('{}')
  })
  const resolve = async (host: string): Promise<readonly ResolvedAddress[]> => [
    { address: host === 'inside.example' ? INSIDE : OUTSIDE, family: 4 },
  ]
  const fetcher = createFetcher({ outgoing: { schemes: ['http:'], forbidden, resolve } })
  for (const path of ['name', 'address']) {
    await assert.rejects(fetcher(`http://outside.example:${port}/${path}`), {
      code: 'FETCH_REFUSED',
      message: /not a public address/,
    })
  }
  assert.equal(inside, 0)
})

it('says that a name has no address, and ends what does not answer', async (t) => {
  const { policy } = resolver([])
  await assert.rejects(exchange({ url: 'http://nowhere.example/', signal: signal() }, policy), /has no address/)
  const port = await listening(t, OUTSIDE, 0, () => {})
  const silent = createFetcher({ allowPrivate: true, timeoutMs: 200 })
  await assert.rejects(silent(`http://${OUTSIDE}:${port}/`), { code: 'FETCH_FAILED', message: /in time/ })
})

it('knows private addresses, mapped and translated ones too', () => {
  for (const address of [
    ...['127.0.0.1', '10.1.2.3', '169.254.169.254', '0.0.0.0', '100.64.0.1', '255.255.255.255'],
    ...['::', '::1', '::127.0.0.1', 'fd00::1', 'fe80::1', 'fec0::1'],
    ...['::ffff:192.168.0.1', '::ffff:7f00:1', '64:ff9b::a00:1', '2002:7f00:1::', '2001:0:1::', 'no address'],
  ]) {
    assert.equal(isPrivate(address), true, address)
  }
  for (const address of ['1.1.1.1', '2606:4700::1111']) assert.equal(isPrivate(address), false, address)
})
