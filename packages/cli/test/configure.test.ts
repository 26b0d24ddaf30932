/** `slapos configure client` and clients when the way to the Master is bad. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createServer as createHttpServer, request } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { silentLogger } from '@slapos/base'
import { type Master, startMaster } from '@slapos/master/server/index.ts'
import { writeClient } from '../src/client/configure.ts'
import { runSlapos } from '../src/testing.ts'

let directory: string
let master: Master
let person: string
const closing: (() => void)[] = []

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slapos-configure-'))
  const at = { host: '127.0.0.1', port: 0 }
  master = await startMaster({
    ...{ dataDirectory: join(directory, 'master'), api: at, web: { ...at, tls: false }, logger: silentLogger },
  })
  const { cloud } = master.parts
  person = await cloud.people.create({ kind: 'system' }, { name: 'Ada', email: '' })
  await cloud.projects.create({ kind: 'system' }, { title: 'Main', owner: person })
})
after(async () => {
  for (const close of closing) close()
  await master.close()
  await rm(directory, { recursive: true, force: true })
})

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Brings what is asked to the Master's web side, and loses the first answer to a POST. */
async function losingOneAnswer(): Promise<string> {
  let lost = false
  const server = createHttpServer((asked, answer) => {
    const target = new URL(asked.url ?? '/', master.webUrl)
    const forwarded = request(target, { method: asked.method, headers: asked.headers }, (reply) => {
      if (asked.method === 'POST' && !lost) {
        lost = true
        reply.resume().once('end', () => answer.destroy())
        return
      }
      answer.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(answer)
    })
    asked.pipe(forwarded)
  })
  closing.push(() => server.close())
  return `http://127.0.0.1:${await listening(server)}/`
}

test('an answer that was lost costs nothing: the same command again succeeds with the same token', async () => {
  const web = await losingOneAnswer()
  const { token } = await master.parts.identity.tokens.create({ purpose: 'person', person })
  const folder = join(directory, 'client')
  const cfg = join(folder, 'slapos-client.cfg')
  const configure = () =>
    runSlapos(['configure', 'client', '--master-url-web', web, '--cfg', cfg], { environment: { SLAPOS_TOKEN: token } })
  const lost = await configure()
  assert.equal(lost.code, 1, lost.err)
  const [saved] = await readdir(join(folder, 'registration'))
  assert.equal((await stat(join(folder, 'registration', saved ?? ''))).mode & 0o777, 0o600)
  const again = await configure()
  assert.equal(again.code, 0, again.err)
  assert.deepEqual(await readdir(join(folder, 'registration')), [], 'the key has found its place')
  const listed = await runSlapos(['service', 'list'], { environment: { SLAPOS_CLIENT_CONFIGURATION: cfg } })
  assert.equal(listed.code, 0, listed.err)
})

test('every command says soon that the Master does not answer', { timeout: 240_000 }, async () => {
  const sockets = new Set<Socket>()
  // What a machine does whose Master hangs: the kernel takes the connection, and nobody speaks.
  const server = createServer((socket) => void sockets.add(socket))
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const url = `https://127.0.0.1:${await listening(server)}/`
  const cfg = join(directory, 'unreachable/slapos-client.cfg')
  const { certificate, key } = await master.parts.identity.certificates.issuePair('person', person)
  await writeClient(cfg, url, { certificate, key, ca: await readFile(master.caPath, 'utf8') })
  const { token } = await master.parts.identity.tokens.create({ purpose: 'person', person })
  const commands = [
    ['request', 'demo', 'https://example.org/demo/'],
    ['service', 'list'],
    ['service', 'info', 'demo'],
    ['why', 'demo'],
    ['supply', 'https://example.org/demo/', 'COMP-1'],
    ['remove', 'https://example.org/demo/', 'COMP-1'],
    ['computer', 'list'],
    ['computer', 'info', 'COMP-1'],
    ['computer', 'token'],
    ['configure', 'client', '--master-url-web', url, '--token', token, '--cfg', join(directory, 'new.cfg')],
  ]
  const environment = { SLAPOS_CLIENT_CONFIGURATION: cfg }
  await Promise.all(
    commands.map(async (words) => {
      const { code, err } = await runSlapos(words, { environment })
      assert.equal(code, 1, words.join(' '))
      assert.match(err, /no connection within 8 s/, words.join(' '))
    }),
  )
})
