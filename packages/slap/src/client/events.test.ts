import assert from 'node:assert/strict'
import type { RequestListener, ServerResponse } from 'node:http'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { EventStreamParser, readNodeEvent, writeNodeEvent } from '../codec/event-stream.ts'
import type { NodeEvent } from '../extension.ts'
import { createSlapClient, type StreamEvent } from './index.ts'
import { serve } from './testing.ts'

const EVENTS: readonly NodeEvent[] = [
  { kind: 'desired', revision: 7 },
  { kind: 'slaves', partition: 'slappart0', revision: 8 },
  { kind: 'command', command: { name: 'restart-service', partition: 'slappart0', service: 'web' } },
  { kind: 'command', command: { name: 'reprocess', partition: 'slappart0' } },
  { kind: 'command', command: { name: 'rebuild', url: 'https://x/' } },
  { kind: 'command', command: { name: 'logs', source: 'agent', follow: true } },
  { kind: 'reset' },
]

describe('messages', () => {
  it('are read as they were written, in pieces of any size, whatever the line ends', () => {
    const wire = EVENTS.map((event, n) => `: ping\n\n${writeNodeEvent(`e:${n}`, event)}`).join('')
    const cuts = fc.array(fc.nat({ max: wire.length }), { maxLength: 20 })
    fc.assert(
      fc.property(cuts, fc.constantFrom('\n', '\r\n', '\r'), (at, end) => {
        const parser = new EventStreamParser()
        const text = wire.replaceAll('\n', end)
        const edges = [0, ...at.filter((one) => one < text.length).sort((a, b) => a - b), text.length]
        const pieces = edges.slice(1).map((edge, n) => text.slice(edges[n], edge))
        const messages = [...pieces, '\n'].flatMap((piece) => parser.push(piece))
        assert.deepEqual(messages.map(readNodeEvent), EVENTS)
        assert.equal(messages.at(-1)?.id, `e:${EVENTS.length - 1}`)
      }),
      { numRuns: Number(process.env.SLAPOS_RUNS ?? 100) },
    )
  })

  it('of an unknown kind or command are passed over', () => {
    const message = (event: string, data: string) => readNodeEvent({ id: undefined, event, data })
    assert.equal(message('weather', '{}'), undefined)
    assert.equal(message('command', '{"command":{"name":"explode"}}'), undefined)
    assert.equal(message('desired', 'not json'), undefined)
  })

  it('that never end are refused', () => {
    const parser = new EventStreamParser()
    assert.throws(() => {
      for (let i = 0; i < 100; i++) parser.push('x'.repeat(65_536))
    }, /too long/)
  })
})

async function listen(listener: RequestListener, until: (seen: readonly StreamEvent[]) => boolean, silenceMs = 40_000) {
  const server = await serve(listener)
  const client = createSlapClient({ url: server.url })
  const abort = new AbortController()
  const seen: StreamEvent[] = []
  try {
    for await (const event of client.events({ signal: abort.signal, silenceMs, backoff: { first: 1, most: 5 } })) {
      seen.push(event)
      if (until(seen)) abort.abort()
    }
    return seen
  } finally {
    client.close()
    await server.close()
  }
}

const begin = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' })
const kinds = (seen: readonly StreamEvent[]) => seen.map(({ kind }) => kind)

describe('the stream', () => {
  it('comes back after it was cut, from the last event seen', async () => {
    const asked: (string | undefined)[] = []
    const seen = await listen(
      (message, response) => {
        asked.push(message.headers['last-event-id'] as string | undefined)
        begin(response).write(writeNodeEvent(`e:${asked.length}`, { kind: 'desired', revision: asked.length }), () =>
          asked.length === 1 ? message.socket.destroy() : undefined,
        )
      },
      (events) => events.filter(({ kind }) => kind === 'desired').length === 2,
    )
    assert.deepEqual(asked, [undefined, 'e:1'])
    assert.deepEqual(kinds(seen), ['connected', 'desired', 'lost', 'connected', 'desired'])
  })

  it('is dead when silent, alive while pings come', async () => {
    const seen = await listen(
      (_, response) => {
        begin(response).write(': ping\n\n')
        let pings = 0
        const timer = setInterval(() => {
          if (++pings < 8) response.write(': ping\n\n')
          else clearInterval(timer)
        }, 30)
      },
      (events) => events.at(-1)?.kind === 'lost',
      120,
    )
    assert.deepEqual(kinds(seen), ['connected', 'lost'])
    const lost = seen[1]
    assert.ok(lost?.kind === 'lost')
    assert.match(lost.error.message, /silent for 0.12 s/)
  })

  it('tells why it is refused and goes on trying', async () => {
    let asked = 0
    const seen = await listen(
      (_, response) => {
        if (++asked < 3) response.writeHead(403).end('revoked')
        else begin(response).flushHeaders()
      },
      (events) => events.at(-1)?.kind === 'connected',
    )
    assert.deepEqual(kinds(seen), ['lost', 'lost', 'connected'])
    assert.ok(seen[0]?.kind === 'lost' && seen[0].error.kind === 'refused')
  })

  it('waits as long as the Master asks', async () => {
    const seen = await listen(
      (_, response) => response.writeHead(503, { 'retry-after': '3' }).end(),
      () => true,
    )
    assert.ok(seen[0]?.kind === 'lost' && seen[0].retryInMs === 3000)
  })
})
