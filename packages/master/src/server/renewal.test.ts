import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect } from 'node:tls'
import { silentLogger } from '@slapos/base'
import { renewServerCertificate } from '../commands/index.ts'
import type { Master } from './options.ts'
import { startMaster } from './start.ts'

const system = { kind: 'system' } as const
let directory: string
let master: Master
let ca: string

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slapos-renewal-'))
  const at = { host: '127.0.0.1', port: 0 }
  master = await startMaster({ dataDirectory: directory, api: at, web: { ...at, tls: true }, logger: silentLogger })
  ca = master.parts.identity.authority.root
})
after(async () => {
  await master.close()
  await rm(directory, { recursive: true, force: true })
})

/** Of the certificate that a new connection is shown, verified. */
function shownAt(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port), ca }, () => {
      resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? '')
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

test('the server certificate is exchanged on both listeners, and streams and connections go on', async () => {
  const { cloud, identity } = master.parts
  const person = await cloud.people.create(system, { name: 'Ada', email: '' })
  const project = await cloud.projects.create(system, { title: 'one', owner: person })
  const { computer } = await cloud.nodes.create({ kind: 'person', person, via: 'session' }, { title: 'n', project })
  const { certificate: cert, key } = await identity.certificates.issuePair('computer', computer)
  const stream = await new Promise<IncomingMessage>((resolve, reject) => {
    const call = request(new URL('node/v1/events', master.apiUrl), { ca, cert, key, agent: false }, resolve)
    call.once('error', reject).end()
  })
  const web = connectHttp2(master.webUrl, { ca })
  const health = async () => {
    const asked = web.request({ ':path': '/healthz' }).resume()
    return new Promise((resolve, reject) =>
      asked.once('response', (headers) => resolve(headers[':status'])).once('error', reject),
    )
  }
  try {
    assert.equal(await health(), 200)
    const urls = [master.apiUrl, master.webUrl]
    const before = await Promise.all(urls.map(shownAt))
    const said: string[] = []
    const output = { out: (line: string) => said.push(line), err: (line: string) => said.push(line) }
    assert.equal(await renewServerCertificate({ dataDirectory: directory }, output), 0)
    assert.deepEqual(said, ['the server certificate is renewed; connections go on'])
    const after = await Promise.all(urls.map(shownAt))
    assert.equal(after[0], after[1])
    for (const [index, shown] of after.entries()) assert.notEqual(shown, before[index])
    assert.equal(await health(), 200, 'the HTTP/2 connection from before')
    await cloud.software.supply(system, computer, 'https://example.org/a.cfg', 'available')
    let heard = ''
    for await (const piece of stream.setEncoding('utf8')) {
      heard += piece
      if (/event: desired/.test(heard)) break
    }
    assert.match(heard, /event: desired/, 'the stream from before')
  } finally {
    stream.destroy()
    web.destroy()
  }
})
