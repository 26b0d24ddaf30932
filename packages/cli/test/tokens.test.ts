/** Single-use tokens of a real Master, from the command line: made, listed, revoked, used by one machine and no other. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createCertificateRequest } from '@slapos/base/csr.ts'
import { enrolComputer, MasterError } from '@slapos/slap'
import { eventually } from './eventually.ts'
import { type MasterProcess, masterProcess, PASSWORD, SLAPOS, slapos } from './master-process.ts'

let master: MasterProcess
let cfg: string
/** Of every token that was made here: none may be found where others read. */
const secrets: string[] = []

before(async () => {
  master = await masterProcess()
  await master.start()
  cfg = join(master.directory, 'ada/slapos-client.cfg')
})
after(() => master?.close())

const client = async (...words: readonly string[]) => {
  const { code, out, err } = await slapos([...words, '--cfg', cfg])
  assert.equal(code, 0, err)
  return out
}
const adminToken = async (purpose: 'computer' | 'person') =>
  kept((await master.ok('token', 'create', 'ada', '--for', purpose)).trim())
const kept = (token: string) => {
  secrets.push(token.split('.')[0] ?? token)
  return token
}
const configure = (token: string, path: string, web = master.webUrl) =>
  slapos(['configure', 'client', '--master-url-web', web, '--cfg', path], { SLAPOS_TOKEN: token })

/** As classic clients ask: no key of their own, no verification. */
async function classic(path: string, token: string, form: Record<string, string> = {}): Promise<number> {
  const body = new URLSearchParams(form)
  const headers = { 'x-access-token': token, connection: 'close' }
  const response = await fetch(new URL(path, master.webUrl), { method: 'POST', headers, body })
  await response.text()
  return response.status
}
const stateOf = (listing: string, token: string) =>
  new RegExp(`^(\\S+) +${token.slice(0, 13)} .*?(unused|in-use|used|expired|revoked)`, 'm').exec(listing) ?? []

test('a person makes, lists and revokes tokens for nodes and for other clients', async () => {
  const first = await configure(await adminToken('person'), cfg)
  assert.equal(first.code, 0, first.err)
  for (const kind of ['computer', 'client']) {
    const [, text = ''] = /^\w+ token: (\S+)$/m.exec(await client(kind, 'token')) ?? []
    const token = kept(text)
    const [, id = '', state] = stateOf(await client(kind, 'token', 'list'), token)
    assert.equal(state, 'unused')
    assert.match(await client(kind, 'token', 'revoke', id), /is revoked/)
    assert.equal(stateOf(await client(kind, 'token', 'list'), token)[2], 'revoked')
    const path = kind === 'computer' ? 'Person_requestComputer' : 'Person_getCertificate'
    assert.equal(await classic(path, token, { title: 'late' }), 403)
    const unknown = await slapos([kind, 'token', 'revoke', 'none', '--cfg', cfg])
    assert.equal(unknown.code, 1, unknown.out)
  }
  const listed: unknown = JSON.parse(await client('computer', 'token', 'list', '--json'))
  assert.ok(Array.isArray(listed) && listed.length === 1)
})

test('an administrator sees and revokes tokens of either kind, also while no Master runs', async () => {
  const tokens = [await adminToken('person'), await adminToken('computer')]
  for (const token of tokens) {
    const [, id = '', state] = stateOf(await master.ok('token', 'list'), token)
    assert.equal(state, 'unused')
    await master.ok('token', 'revoke', id)
  }
  const [person = '', computer = ''] = tokens
  assert.equal(await classic('Person_getCertificate', person), 403)
  assert.equal(await classic('Person_requestComputer', computer, { title: 'x' }), 403)
  const other = await adminToken('person')
  await master.end()
  const [, id = ''] = stateOf(await master.ok('token', 'list'), other)
  await master.ok('token', 'revoke', id)
  await master.start()
  assert.equal(await classic('Person_getCertificate', other), 403)
})

test('two machines race with one token, a hundred times: exactly one wins each time', async () => {
  const ca = await readFile(join(master.dataDirectory, 'pki/root.crt'), 'utf8')
  const machine = (token: string, title: string) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const computer = { title, csr: createCertificateRequest(privateKey, title) }
    return enrolComputer({ url: master.apiUrl, tls: { ca } }, { token }, computer).then(
      ({ reference }) => reference,
      (error: unknown) => (error instanceof MasterError ? error.kind : String(error)),
    )
  }
  cookie ||= await logIn()
  const tokens = await Promise.all(Array.from({ length: 100 }, () => issue()))
  const winners = new Set<string>()
  for (const [n, token] of tokens.entries()) {
    const [one = '', two = ''] = await Promise.all([machine(token, `a-${n}`), machine(token, `b-${n}`)])
    const [won = '', lost = ''] = one.startsWith('COMP-') ? [one, two] : [two, one]
    assert.match(won, /^COMP-\d+$/, `race ${n}`)
    assert.equal(lost, 'refused', `race ${n}`)
    winners.add(won)
  }
  assert.equal(winners.size, 100)
})

async function issue(): Promise<string> {
  cookie ||= await logIn()
  const response = await fetch(new URL('api/v1/tokens', master.webUrl), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      cookie: cookie.split('\n')[0] ?? '',
      'x-csrf-token': cookie.split('\n')[1] ?? '',
    },
    body: '{}',
  })
  return kept(String(Object(await response.json()).token))
}
let cookie = ''
async function logIn(): Promise<string> {
  const response = await fetch(new URL('api/v1/session', master.webUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'ada', password: PASSWORD }),
  })
  return `${response.headers.get('set-cookie')?.split(';')[0]}\n${Object(await response.json()).csrf}`
}

test('classic machines that race from one address under one name: exactly one wins, each time', async () => {
  for (let n = 0; n < 5; n++) {
    const token = await issue()
    const ask = () => classic('Person_requestComputer', token, { title: `classic-${n}` })
    const statuses = await Promise.all(Array.from({ length: 8 }, ask))
    assert.deepEqual(statuses.toSorted(), [200, ...Array.from({ length: 7 }, () => 403)], `race ${n}`)
  }
})

test('a client that is killed before its certificate arrives comes again with the same token', async () => {
  const token = await adminToken('person')
  // Brings requests to the Master, and no answer of a POST to the client.
  const way = createServer((asked, answer) => {
    const target = new URL(asked.url ?? '/', master.webUrl)
    const forwarded = request(target, { method: asked.method, headers: asked.headers }, (reply) => {
      if (asked.method === 'POST') return void reply.resume()
      answer.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(answer)
    })
    asked.pipe(forwarded)
  }).listen(0, '127.0.0.1')
  await once(way, 'listening')
  const address = way.address()
  const port = typeof address === 'object' ? address?.port : 0
  const path = join(master.directory, 'killed/slapos-client.cfg')
  const words = ['configure', 'client', '--master-url-web', `http://127.0.0.1:${port}/`, '--cfg', path]
  const child = spawn(SLAPOS, words, { stdio: 'ignore', env: { ...process.env, SLAPOS_TOKEN: token } })
  try {
    await eventually('the token is taken', async () => stateOf(await master.ok('token', 'list'), token)[2] === 'in-use')
    // While it waits: what every user of this machine can see of it.
    assert.ok(!(await readFile(`/proc/${child.pid}/cmdline`, 'utf8')).includes(token.slice(0, 20)))
    child.kill('SIGKILL')
    await once(child, 'exit')
  } finally {
    way.close()
    way.closeAllConnections()
  }
  assert.equal((await configure(token, join(master.directory, 'thief/slapos-client.cfg'))).code, 1, 'another machine')
  const again = await configure(token, path)
  assert.equal(again.code, 0, again.err)
  assert.equal((await slapos(['service', 'list', '--cfg', path])).code, 0)
  assert.equal(stateOf(await master.ok('token', 'list'), token)[2], 'used')
  assert.equal((await configure(token, join(master.directory, 'reuse/slapos-client.cfg'))).code, 1)
})

test('a Master that is killed after it took the token answers the same machine when it is back', async () => {
  const token = await adminToken('person')
  const path = join(master.directory, 'survivor/slapos-client.cfg')
  let taken = false
  // Kills the Master as soon as the token is taken, before its answer can go on.
  const way = createServer((asked, answer) => {
    const target = new URL(asked.url ?? '/', master.webUrl)
    const forwarded = request(target, { method: asked.method, headers: asked.headers }, async (reply) => {
      if (asked.method === 'POST' && !taken) {
        taken = true
        await master.end('SIGKILL')
        return answer.destroy()
      }
      answer.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(answer)
    })
    forwarded.on('error', () => answer.destroy())
    asked.pipe(forwarded)
  }).listen(0, '127.0.0.1')
  await once(way, 'listening')
  const address = way.address()
  const web = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`
  try {
    const lost = await configure(token, path, web)
    assert.equal(lost.code, 1, lost.err)
    assert.ok(taken)
    await master.start()
    const again = await configure(token, path, web)
    assert.equal(again.code, 0, again.err)
    assert.equal((await slapos(['service', 'list', '--cfg', path])).code, 0)
  } finally {
    way.close()
    way.closeAllConnections()
  }
})

test('no secret is in the log or in the command line of the Master', async () => {
  const command = await readFile(`/proc/${master.pid}/cmdline`, 'utf8')
  assert.equal(await master.end(), 0)
  assert.match(master.log, /Master ready/)
  for (const secret of [...secrets, PASSWORD, 'PRIVATE KEY']) {
    assert.ok(!master.log.includes(secret))
    assert.ok(!command.includes(secret))
  }
})
