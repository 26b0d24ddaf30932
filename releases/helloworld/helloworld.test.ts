import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, before, test } from 'node:test'
import { checkRelease } from '@slapos/release'
import { createHarness, type Harness } from '@slapos/release/harness.ts'

let harness: Harness
let port: number

before(async () => {
  harness = await createHarness({ release: import.meta.dirname })
  port = await freePort()
})
after(() => harness.close())

test('the release is valid', async () => {
  const { types } = await checkRelease(import.meta.dirname)
  assert.deepEqual(
    types.map((type) => type.form),
    ['default', 'default-slave', 'child'],
  )
})

test('greets at / and serves greetings that come as deltas', async () => {
  const plan = await harness.apply({ message: 'Bonjour', port })
  const url = `http://127.0.0.1:${port}/`
  assert.deepEqual(plan.publish, { url })
  assert.equal(await get(url), 'Bonjour\n')

  await harness.slaves.change([slave(1, { message: 'Good morning', path: 'morning' }), slave(2, { message: 'Salut' })])
  assert.equal(await get(`${url}morning`), 'Good morning\n')
  assert.deepEqual(harness.slaves.connections.get('SOFTINST-1'), { url: `${url}morning` })
  assert.equal(await get(`${url}SOFTINST-2`), 'Salut\n')

  await harness.slaves.change([slave(3, { message: 'Me too', path: 'morning' })])
  assert.equal(harness.slaves.errors.get('SOFTINST-3'), 'path morning is taken by SOFTINST-1')
  await harness.slaves.change([], ['SOFTINST-1'])
  assert.equal(await get(`${url}morning`), 'Me too\n', 'who waited for the path has it')
  assert.equal(harness.slaves.errors.has('SOFTINST-3'), false)
})

test('parameters of the wire form are understood, and bad ones harm only themselves', async () => {
  await harness.slaves.change([
    { ...slave(4, {}), parameters: { _: '{"message":"packed","path":"packed"}' } },
    { ...slave(5, {}), parameters: { _: 'not JSON' } },
    slave(6, { path: '../x' }),
  ])
  assert.equal(await get(`http://127.0.0.1:${port}/packed`), 'packed\n')
  assert.match(harness.slaves.errors.get('SOFTINST-6') ?? '', /^path \.\.\/x must be letters/)
})

test('one more greeting costs one line, with 10,000 as with 10', async () => {
  await harness.slaves.change(Array.from({ length: 10_000 }, (_, index) => slave(100 + index, {})))
  const before = harness.slaves.lines()
  await harness.slaves.change([slave(20_000, { message: 'one more' })])
  assert.equal(harness.slaves.lines() - before <= 3, true)
  assert.equal(await get(`http://127.0.0.1:${port}/SOFTINST-20000`), 'one more\n')
  assert.equal(await get(`http://127.0.0.1:${port}/SOFTINST-10099`), 'Hello\n')
})

test('asks for a child and shows it once it is there', async () => {
  const waiting = await harness.plan({ child: true, port: 8080 })
  assert.deepEqual(waiting.requests, [{ title: 'child', softwareType: 'child', parameters: { port: 8080 } }])
  assert.equal('child-url' in waiting.publish, false)
  const ready = await harness.plan({ child: true }, { children: { child: { _: '{"url":"http://127.0.0.3:8080/"}' } } })
  assert.equal(ready.publish['child-url'], 'http://127.0.0.3:8080/')
})

function slave(number: number, parameters: { readonly message?: string; readonly path?: string }) {
  return { reference: `SOFTINST-${number}`, title: `greeting ${number}`, softwareType: 'default', parameters }
}

/** The server may still be starting: it is asked until it answers. */
async function get(url: string): Promise<string> {
  const deadline = Date.now() + 60_000
  for (;;) {
    try {
      return await (await fetch(url, { headers: { connection: 'close' } })).text()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
