import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { after, describe, it } from 'node:test'
import { TLSSocket } from 'node:tls'
import type { InstanceRequest } from '../documents.ts'
import {
  createSlapClient,
  createTransport,
  enrolComputer,
  fetchPinnedCa,
  MasterError,
  parseMasterUrl,
  referenceOf,
} from './index.ts'
import { selfSigned, serve, type TestServer } from './testing.ts'

const golden = (name: string) => readFileSync(new URL(`../golden/${name}`, import.meta.url), 'utf8')
const closing: (() => Promise<void> | void)[] = []
after(async () => {
  for (const close of closing.reverse()) await close()
})

async function clientOf(listener: RequestListener, timeoutMs = 5000) {
  const server = await serve(listener)
  const client = createSlapClient({ url: server.url, timeoutMs })
  closing.push(server.close, client.close)
  return client
}

const request: InstanceRequest = {
  title: 'my-demo',
  releaseUrl: 'http://sr.example/software.cfg',
  softwareType: 'default',
  parameters: { greeting: 'Tom & <Jérôme>' },
  filter: {},
  state: 'started',
  shared: false,
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of message.setEncoding('utf8')) text += part
  return text
}

it('says within its time that no connection comes about', { timeout: 120_000 }, async () => {
  const silent = createServer().listen(0, '127.0.0.1') // takes connections, and never begins TLS
  await once(silent, 'listening')
  closing.push(() => void silent.close())
  const address = silent.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const transport = createTransport({ url: `https://127.0.0.1:${port}/`, connectTimeoutMs: 200 })
  closing.push(transport.close)
  const call = transport.send({ method: 'GET', path: 'x' })
  await assert.rejects(call, { kind: 'unreachable', message: /no connection within 0.2 s/ })
})

const failure = (kind: string, more: Record<string, unknown> = {}) => ({ kind, ...more })

describe('calls', () => {
  it('asks with a form and reads the answer', async () => {
    let seen: URLSearchParams | undefined
    const client = await clientOf(async (message, response) => {
      assert.equal(message.url, '/requestComputerPartition')
      assert.equal(message.headers['content-type'], 'application/x-www-form-urlencoded')
      seen = new URLSearchParams(await bodyOf(message))
      response.end(golden('41-master-shape-requestComputerPartition.response.xml'))
    })
    const instance = await client.request(request)
    assert.equal(instance.instanceGuid, 'SOFTINST-9')
    assert.match(seen?.get('partition_parameter_xml') ?? '', /Tom &amp;amp; &amp;lt;J&#233;r&#244;me&amp;gt;/)
  })

  it('keeps the very same document while the Master says that nothing changed', async () => {
    let asked = 0
    const client = await clientOf((message, response) => {
      asked++
      if (message.headers['if-none-match'] === '"7"') response.writeHead(304).end()
      else
        response.writeHead(200, { etag: '"7"' }).end(golden('40-master-shape-getFullComputerInformation.response.xml'))
    })
    const first = await client.computer('COMP-1')
    assert.equal(await client.computer('COMP-1'), first)
    assert.equal(asked, 2)
    assert.equal(first.partitions.length, 3)
  })

  it('publishes with the literal None when there is no slave', async () => {
    const forms: string[] = []
    const client = await clientOf(async (message, response) => {
      forms.push(new URLSearchParams(await bodyOf(message)).get('slave_reference') ?? '')
      response.end('done')
    })
    const at = { computerId: 'COMP-1', partitionId: 'slappart0' }
    await client.publish(at, { url: 'http://x/' })
    await client.publish(at, {}, 'SOFTINST-9')
    assert.deepEqual(forms, ['None', 'SOFTINST-9'])
  })

  it('survives a server that closes kept connections', async () => {
    const client = await clientOf((message, response) => {
      response.end('http://hateoas/', () => setImmediate(() => message.socket.destroy()))
    })
    for (let i = 0; i < 5; i++) assert.equal(await client.hateoasUrl(), 'http://hateoas/')
  })

  it('takes 404 on the extension for a classic Master', async () => {
    const client = await clientOf((_, response) => response.writeHead(404).end())
    assert.equal(await client.capabilities(), undefined)
  })
})

describe('failures are told apart', () => {
  const answered = (status: number, headers: Record<string, string> = {}, body = '') =>
    clientOf((_: IncomingMessage, response: ServerResponse) => response.writeHead(status, headers).end(body))

  const cases: readonly [number, string][] = [
    [401, 'refused'],
    [403, 'refused'],
    [404, 'not-found'],
    [408, 'not-ready'],
    [400, 'rejected'],
    [409, 'rejected'],
    [500, 'failed'],
    [302, 'bad-answer'],
  ]
  for (const [status, kind] of cases) {
    it(`${status} is ${kind}`, async () => {
      const client = await answered(status, {}, 'the reason')
      await assert.rejects(client.request(request), failure(kind, { answered: status, body: 'the reason' }))
    })
  }

  it('a Master that explains itself is quoted, without advice of our own', async () => {
    const json = JSON.stringify({ code: 'X', message: 'there is no COMP-9', next: 'Look at the list.', params: {} })
    const told: readonly [Record<string, string>, string, string][] = [
      [{ 'content-type': 'application/json; charset=utf-8' }, json, 'there is no COMP-9. Look at the list.'],
      [{ 'content-type': 'text/plain', 'x-slapos-error': 'X' }, 'no COMP-9. Look.', 'no COMP-9. Look.'],
    ]
    for (const [headers, body, said] of told) {
      const client = await answered(400, headers, body)
      await assert.rejects(client.hateoasUrl(), (error) => {
        assert.ok(error instanceof MasterError)
        assert.deepEqual([error.kind, error.code], ['rejected', 'MASTER_REJECTED'])
        assert.equal(error.line, `the Master answered: ${said}`)
        return true
      })
    }
    const classic = await answered(404, { 'content-type': 'application/json' }, 'not json')
    await assert.rejects(classic.hateoasUrl(), /the Master does not know what getHateoasUrl asks for: not json/)
  })

  it('503 tells when to come back', async () => {
    const client = await answered(503, { 'retry-after': '7' })
    await assert.rejects(client.hateoasUrl(), failure('failed', { retryAfterMs: 7000 }))
  })

  it('an answer that is not of this protocol', async () => {
    const client = await answered(200, {}, '<html>welcome</html>')
    await assert.rejects(client.computer('COMP-1'), failure('bad-answer'))
  })

  it('nobody listens', async () => {
    const server = await serve(() => {})
    await server.close()
    const client = createSlapClient({ url: server.url })
    await assert.rejects(client.hateoasUrl(), failure('unreachable'))
  })

  it('no answer in time', async () => {
    const client = await clientOf(() => {}, 100)
    await assert.rejects(client.hateoasUrl(), (error) => {
      assert.ok(error instanceof MasterError)
      assert.equal(error.kind, 'unreachable')
      assert.match(error.message, /no answer within 0.1 s/)
      return true
    })
  })
})

describe('TLS', () => {
  const master = selfSigned('Master')
  const node = selfSigned('COMP-1')
  const other = selfSigned('Other')
  const listener: RequestListener = (message, response) => {
    if (message.url === '/ca.crt') return response.end(other.cert + master.cert)
    if (message.url === '/Person_requestComputer') {
      const answer = { certificate: `Subject: CN=COMP-1/emailAddress=x\n${node.cert}`, key: node.key }
      return response.end(JSON.stringify(answer))
    }
    const { socket } = message
    return response.end((socket instanceof TLSSocket && socket.getPeerCertificate().subject?.CN) || 'nobody')
  }
  const started = serve(listener, { ...master, ca: node.cert })
  const use = async (work: (server: TestServer) => Promise<void>) => work(await started)
  after(async () => (await started).close())

  const ask = async (url: string, tls: NonNullable<Parameters<typeof createSlapClient>[0]['tls']>) => {
    const client = createSlapClient({ url, tls })
    try {
      return await client.hateoasUrl()
    } finally {
      client.close()
    }
  }

  it('presents the client certificate, and verifies exactly the given authority', () =>
    use(async ({ url }) => {
      assert.equal(await ask(url, { key: node.key, cert: node.cert, ca: master.cert }), 'COMP-1')
      await assert.rejects(ask(url, { ca: other.cert }), failure('untrusted'))
      await assert.rejects(ask(url, {}), failure('untrusted'))
      assert.equal(await ask(url, { verify: false }), 'nobody')
    }))

  it('finds the pinned authority, and refuses a server that does not have it', () =>
    use(async ({ url }) => {
      const pin = new X509Certificate(master.cert).fingerprint256.replaceAll(':', '').slice(0, 32)
      assert.equal(await fetchPinnedCa({ url }, pin), `${master.cert.trim()}\n`)
      await assert.rejects(fetchPinnedCa({ url }, '0'.repeat(32)), failure('untrusted'))
    }))

  it('enrols, and reads the reference out of a classic certificate', () =>
    use(async ({ url }) => {
      const tls = { ca: master.cert }
      const enrolled = await enrolComputer({ url, tls }, { token: 'T' }, { title: 'my node' })
      assert.equal(enrolled.reference, 'COMP-1')
      assert.equal(enrolled.key, node.key)
      assert.equal(enrolled.ca, undefined)
      assert.equal(referenceOf('Subject: CN=CERTLOGIN-7-xyz-COMP-12/emailAddress=a'), 'COMP-12')
    }))
})

it('addresses of a Master', () => {
  assert.equal(parseMasterUrl('https://127.0.0.1:5443').href, 'https://127.0.0.1:5443/')
  assert.equal(parseMasterUrl('https://host/a').href, 'https://host/a/')
  assert.equal(parseMasterUrl('https://fc01::1').href, 'https://[fc01::1]/')
  for (const wrong of ['host', 'ftp://host', ''])
    assert.throws(() => parseMasterUrl(wrong), { code: 'MASTER_URL_INVALID' })
})
