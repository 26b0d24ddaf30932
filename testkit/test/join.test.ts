/** People and machines join a real Master by token: what happens when an answer is lost, refused or repeated. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { access, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import { silentLogger } from '@slapos/base'
import { listComputers } from '@slapos/cli/client/computers.ts'
import { configureClient } from '@slapos/cli/client/configure.ts'
import { type Master, startMaster } from '@slapos/master/server/index.ts'
import { openPrompt } from '@slapos/node/commands/prompt.ts'
import { registerNode } from '@slapos/node/commands/register.ts'
import { localPaths } from '@slapos/node/config/index.ts'

let root: string
let master: Master
let tokenFor: (purpose: 'computer' | 'person') => Promise<string>

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'slapos-join-'))
  master = await startMaster({
    dataDirectory: join(root, 'master'),
    api: { host: '127.0.0.1', port: 0 },
    web: { host: '127.0.0.1', port: 0, tls: false },
    logger: silentLogger,
  })
  const { cloud, identity } = master.parts
  const system = { kind: 'system' } as const
  const person = await cloud.people.create(system, { name: 'Ada', email: 'ada@example.org', operator: true })
  const project = await cloud.projects.create(system, { title: 'Join', owner: person })
  tokenFor = async (purpose) => (await identity.tokens.create({ purpose, person, project })).token
})
after(async () => {
  await master.close()
  await rm(root, { recursive: true, force: true })
})

/** A way to the Master's web side that loses every answer: the request arrives, then the line is cut. */
async function lossyWay(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const target = new URL(master.webUrl)
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    client.on('error', () => {}).on('data', (data) => upstream.write(data))
    client.on('close', () => upstream.destroy())
    upstream.on('error', () => {}).once('data', () => client.resetAndDestroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`,
    async close() {
      server.close()
      await once(server, 'close')
    },
  }
}

const register = (machine: string, token: string, masterUrlWeb = master.webUrl) =>
  registerNode({
    ...{ name: machine, mode: 'local', token, masterUrl: master.apiUrl, masterUrlWeb },
    paths: localPaths(join(root, machine), join(root, machine, 'runtime')),
    ipv4LocalNetwork: '127.5.6.0/24',
    log: () => {},
  })
const pendingDirectory = (machine: string) => join(localPaths(join(root, machine), '').stateDirectory, 'registration')

test('an answer lost after the token was used: the same machine repeats, another is refused', async () => {
  const token = await tokenFor('computer')
  const way = await lossyWay()
  await assert.rejects(register('first', token, way.url), { code: 'REGISTRATION_FAILED' })
  await way.close()
  const pending = pendingDirectory('first')
  const [file = ''] = await readdir(pending)
  assert.equal((await stat(join(pending, file))).mode & 0o777, 0o600)
  const saved = await readFile(join(pending, file), 'utf8')

  await assert.rejects(register('second', token), { code: 'TOKEN_REFUSED' })
  assert.deepEqual(await readdir(pendingDirectory('second')), [], 'a key without a future is not kept')

  assert.equal(await register('first', token), 'COMP-0')
  assert.deepEqual(await readdir(pending), [])
  const paths = localPaths(join(root, 'first'), '')
  assert.equal(await readFile(join(paths.ssl, 'key'), 'utf8'), saved)
})

test('slapos configure client writes private files once, and they work', async () => {
  const texts = { out: '', err: '' }
  const io = {
    out(text: string) {
      texts.out += text
    },
    err(text: string) {
      texts.err += text
    },
    ...{ terminal: false, columns: 80, environment: {} },
  }
  const cfg = join(root, 'ada/slapos-client.cfg')
  const options = { cfg, masterUrl: master.apiUrl, masterUrlWeb: master.webUrl }
  const wrong = `${'2'.repeat(8)}-${'0'.repeat(32)}`
  await assert.rejects(configureClient(io, { ...options, token: wrong }), { code: 'TOKEN_REFUSED', exit: 1 })
  await assert.rejects(access(cfg), 'nothing is written for a refused token')
  const typing = (text: string) => (where: typeof io) => openPrompt(where, Readable.from([text]))
  await assert.rejects(configureClient(io, { cfg }, typing('')), { code: 'OPTION_NEEDED' })

  const left = join(root, 'ada/client.key')
  await writeFile(left, 'of another')
  const again = configureClient(io, { ...options, token: await tokenFor('person') })
  await assert.rejects(again, { message: `There is a file in ${left}` })
  assert.equal(await readFile(left, 'utf8'), 'of another')
  await rm(left)

  texts.out = ''
  assert.equal(await configureClient(io, options, typing(`\n${await tokenFor('person')}\n`)), 0)
  assert.equal(texts.out, 'Credential security token: \nCredential security token: \n')
  assert.match(texts.err, /INFO SlapOS client configuration written to .*slapos-client\.cfg\n$/)
  const modes = await Promise.all(
    ['.', 'slapos-client.cfg', 'client.key', 'client.crt', 'ca.crt'].map(
      async (name) => (await stat(join(root, 'ada', name))).mode & 0o777,
    ),
  )
  assert.deepEqual(modes, [0o700, 0o600, 0o600, 0o600, 0o644])
  await assert.rejects(configureClient(io, { ...options, token: await tokenFor('person') }), { code: 'CLIENT_EXISTS' })

  texts.out = ''
  assert.equal(await listComputers(io, { cfg }), 0)
  assert.equal(texts.out, 'List of Computers:\nCOMP-0 first\n')
})
