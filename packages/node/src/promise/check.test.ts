import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecure } from 'node:https'
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { PlannedPromise } from '@slapos/release'
import { eventually } from '../../test/eventually.ts'
import type { ServiceStatus } from '../supervise/supervisor.ts'
import { check, shorten } from './check.ts'

const servers: Server[] = []
const listen = async (server: Server) => {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
let directory: string
before(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'slapos-promise-')))
})
after(async () => {
  for (const server of servers) server.close()
  await rm(directory, { recursive: true, force: true })
})

const services = new Map<string, ServiceStatus>()
const surroundings = { service: (_: string, name: string) => services.get(name), userNamespaces: true }
const run = (promise: PlannedPromise, stop = new AbortController().signal) =>
  check('slappart0', promise, { directory, runAs: { kind: 'self' } }, surroundings, stop)

test('tcp: somebody accepts, nobody does', async () => {
  const port = await listen(createTcp((socket) => socket.destroy()))
  const open = { name: 't', kind: 'tcp', host: '127.0.0.1', port } as const
  assert.deepEqual(await run(open), { ok: true, message: `127.0.0.1:${port} accepts connections` })
  servers.pop()?.close()
  assert.deepEqual(await run(open), { ok: false, message: `cannot connect to 127.0.0.1:${port}: ECONNREFUSED` })
})

describe('http', () => {
  const answer: RequestListener = (request, response) => {
    if (request.url === '/never') return
    response.statusCode = request.url === '/missing' ? 404 : 200
    response.end('all is well')
  }

  test('status and text', async () => {
    const url = `http://127.0.0.1:${await listen(createServer(answer))}`
    assert.deepEqual(await run({ name: 'h', kind: 'http', url }), { ok: true, message: `${url} answers 200` })
    assert.equal((await run({ name: 'h', kind: 'http', url, contains: 'is well' })).ok, true)
    assert.deepEqual(await run({ name: 'h', kind: 'http', url, contains: 'ill' }), {
      ok: false,
      message: `${url} answers 200, without the text "ill"`,
    })
    const missing = `${url}/missing`
    assert.equal((await run({ name: 'h', kind: 'http', url: missing, status: 404 })).ok, true)
    assert.equal(
      (await run({ name: 'h', kind: 'http', url: missing })).message,
      `${missing} answers 404 instead of 200`,
    )
    assert.deepEqual(await run({ name: 'h', kind: 'http', url: `${url}/never`, timeout: 0.05 }), {
      ok: false,
      message: 'Error: Promise timed out after 0.05 seconds',
    })
  })

  test('a self-signed certificate is refused unless told otherwise', async () => {
    const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
    const subject = ['-subj', '/CN=localhost', '-days', '2']
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', ...subject]
    execFileSync('openssl', [...made, '-keyout', key, '-out', certificate], { stdio: 'ignore' })
    const files = { key: await readFile(key), cert: await readFile(certificate) }
    const url = `https://127.0.0.1:${await listen(createSecure(files, answer))}`
    assert.deepEqual(await run({ name: 'h', kind: 'http', url }), {
      ok: false,
      message: `${url} does not answer: DEPTH_ZERO_SELF_SIGNED_CERT`,
    })
    assert.equal((await run({ name: 'h', kind: 'http', url, verify: false })).ok, true)
  })
})

test('process: its state is the message', async () => {
  const base = { partition: 'slappart0', name: 'web', title: 'slappart0:web', kind: 'service' } as const
  const rest = { watch: false, since: 0, restarts: 0, wanted: true } as const
  const promise = { name: 'p', kind: 'process', service: 'web' } as const
  assert.deepEqual(await run(promise), { ok: false, message: 'there is no service web' })
  services.set('web', { ...base, ...rest, state: 'RUNNING', pid: 7 })
  assert.deepEqual(await run(promise), { ok: true, message: 'web is RUNNING, pid 7' })
  services.set('web', { ...base, ...rest, state: 'BACKOFF', exitCode: 3 })
  assert.deepEqual(await run(promise), { ok: false, message: 'web is BACKOFF: it ended with exit code 3' })
})

describe('command', () => {
  const shell = (script: string, timeout = 20) =>
    run({ name: 'c', kind: 'command', command: ['/bin/sh', '-c', script], timeout })

  test('exit code and words, in the partition, without our environment', async () => {
    process.env['SLAPOS_TEST_SECRET'] = 'leaked'
    assert.deepEqual(await shell('pwd; env | sort'), {
      ok: true,
      message: `${directory}\nHOME=${directory}\nPATH=/usr/local/bin:/usr/bin:/bin\nPWD=${directory}`,
    })
    assert.deepEqual(await shell('echo bad >&2; exit 3'), { ok: false, message: 'bad' })
    assert.deepEqual(await shell('exit 3'), { ok: false, message: 'exit code 3' })
    assert.equal((await run({ name: 'c', kind: 'command', command: ['/nonexistent'] })).ok, false)
  })

  test('one that hangs is killed with what it started, whatever it ignores', async () => {
    const pids = join(directory, 'pids')
    const outcome = await shell(`trap '' TERM; sleep 1000 & echo $$ $! >${pids}; wait; sleep 1000`, 2)
    assert.deepEqual(outcome, { ok: false, message: 'Error: Promise timed out after 2 seconds' })
    // A killed process may have to be run once more before it is gone.
    const ended = async (pid: string) =>
      /\) [ZX] /.test(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') X '))
    for (const pid of (await readFile(pids, 'utf8')).trim().split(' ')) {
      await eventually(`${pid} has ended`, () => ended(pid))
    }
  })

  test('as root, it is the user of the partition', { skip: process.getuid?.() !== 0 && 'needs root' }, async () => {
    const runAs = { kind: 'user', uid: 45678, gid: 45679 } as const
    const promise = { name: 'c', kind: 'command', command: ['/bin/sh', '-c', 'id -u; id -G'] } as const
    const stop = new AbortController().signal
    const outcome = await check('slappart0', promise, { directory: '/', runAs }, surroundings, stop)
    assert.deepEqual(outcome, { ok: true, message: '45678\n45679' })
  })
})

test('the end of a long message is kept', () => {
  assert.equal(shorten('x'.repeat(6000)).length, 5003)
  assert.ok(shorten(`${'x'.repeat(6000)}end`).endsWith('xend'))
})
