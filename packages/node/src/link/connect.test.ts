import assert from 'node:assert/strict'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { after, before, describe, it } from 'node:test'
import type { Capabilities, DesiredState } from '@slapos/slap'
import { startFakeProxy } from '@slapos/testkit/proxy/fake-proxy.ts'
import { connectLink } from './connect.ts'

const identity = (masterUrl: string) => ({
  masterUrl,
  computerId: 'COMP-1',
  keyFile: undefined,
  certFile: undefined,
  caFile: undefined,
})
const capabilities: Capabilities = {
  format: 1,
  version: '1',
  capabilities: ['desired', 'slaves', 'events', 'telemetry'],
  computer: 'COMP-1',
  now: 0,
  observedAddress: '127.0.0.1',
}
const desired: DesiredState = {
  format: 1,
  position: 'e:7',
  full: false,
  partitions: [{ partitionId: 'slappart0', occupant: null }],
  removedPartitions: ['slappart9'],
  installations: [],
  removedInstallations: [],
}

describe('connecting to a Master', () => {
  let server: Server
  let url = ''
  let status = 200
  const asked: string[] = []
  before(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      const json = (value: unknown) => void send(response, status, 'application/json', JSON.stringify(value))
      if (status !== 200) return json({})
      const path = new URL(request.url ?? '', 'http://x').pathname
      if (path === '/node/v1/') return json(capabilities)
      if (path === '/node/v1/desired')
        return request.url?.includes('e%3A7') ? send(response, 304, '', '') : json(desired)
      if (path === '/node/v1/telemetry') return json({ format: 1, now: 1, wantFull: true, followed: ['agent'] })
      if (path === '/node/v1/events') {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        return void response.write('id: e:1\nevent: slaves\ndata: {"partition":"slappart0","revision":3}\n\n')
      }
      send(response, 404, 'text/plain', '')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`
  })
  after(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  it('finds our own: deltas, events, telemetry', async () => {
    const connected = await connectLink(identity(url), '1')
    assert.ok(connected.kind === 'ok')
    const { link } = connected.value
    assert.equal(link.kind, 'extension')
    assert.deepEqual(await link.desired('e:3'), { kind: 'ok', value: desired })
    assert.deepEqual(await link.desired('e:7'), { kind: 'ok', value: undefined })
    const stop = new AbortController()
    const seen: string[] = []
    for await (const event of link.events(stop.signal) ?? []) {
      seen.push(event.kind)
      if (event.kind === 'slaves') stop.abort()
    }
    assert.deepEqual(seen, ['connected', 'slaves'])
    link.close()
  })

  it('finds a classic one, which has no hints and takes no telemetry', async () => {
    const proxy = await startFakeProxy({ computerId: 'COMP-1' })
    const connected = await connectLink(identity(proxy.url), '1')
    assert.ok(connected.kind === 'ok')
    const { link } = connected.value
    assert.equal(link.kind, 'classic')
    assert.equal(link.events(new AbortController().signal), undefined)
    const outcome = await link.desired(undefined)
    assert.ok(outcome.kind === 'ok' && outcome.value?.full)
    // 404 on what some Masters do not have means nothing; on the rest it does.
    assert.equal((await link.software('u', 'building')).kind, 'ok')
    link.close()
    await proxy.close()
  })

  it('knows silence, refusal and failure', async () => {
    for (const [code, kind] of [
      [401, 'refused'],
      [403, 'refused'],
      [503, 'failed'],
    ] as const) {
      status = code
      assert.equal((await connectLink(identity(url), '1')).kind, kind)
    }
    status = 200
    assert.equal((await connectLink(identity('http://127.0.0.1:9/'), '1')).kind, 'unreachable')
  })
})

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, type === '' ? {} : { 'content-type': type }).end(text)
}
