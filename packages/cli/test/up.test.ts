/** The main job as a person starts it: `slapos up`, with real Master, agent, s6 and processes. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

const slapos = join(import.meta.dirname, '../bin/slapos')
let root = ''
let ports: readonly [api: number, panel: number] = [0, 0]
const started = new Set<ChildProcess>()

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'slapos-up-'))
  ports = [await freePort(), await freePort()]
})
after(async () => {
  for (const child of started) child.kill('SIGINT')
  await Promise.all([...started].map((child) => child.exitCode === null && once(child, 'exit')))
  await command('down', '--home', root)
  await rm(root, { recursive: true, force: true })
})

test('the first start gives a working cloud; the next comes back to the same one', async () => {
  const first = await up()
  const cloud = JSON.parse(await readFile(join(root, 'cloud.json'), 'utf8'))
  assert.equal((await stat(join(root, 'cloud.json'))).mode & 0o777, 0o600)
  assert.equal(cloud.master_url, `https://127.0.0.1:${ports[0]}/`)
  assert.equal(cloud.panel_url, `http://127.0.0.1:${ports[1]}/`)
  assert.equal(cloud.computer, 'COMP-0')
  assert.match(first.text, new RegExp(`Panel +${cloud.panel_url}`))
  assert.match(await (await fetch(first.service)).text(), /Hello/)

  const listed = JSON.parse((await command('service', 'list', '--json', '--cfg', cloud.client_cfg)).out)
  assert.deepEqual(
    listed.map((row: { title: string }) => row.title),
    ['hello'],
  )
  assert.match((await command('node', 'status', '--cfg', nodeCfg())).out, /slappart0:.+ +RUNNING +pid \d+, uptime /)

  await stop(first.child)
  await assert.rejects(fetch(first.service), 'services stop with the cloud')

  const second = await up()
  assert.equal(second.service, first.service)
  assert.match(await (await fetch(second.service)).text(), /Hello/)
  assert.ok(second.seconds < 15, `came back in ${second.seconds} s`)

  assert.match(await refused('up', '--home', root), /a cloud already runs from .*Use it/)
  await stop(second.child)
})

test('with --keep-services the service survives Ctrl-C, and the next start adopts the same process', async () => {
  const first = await up('--keep-services')
  const before = await servicePids()
  await stop(first.child)
  assert.match(await (await fetch(first.service)).text(), /Hello/)
  const second = await up('--keep-services')
  assert.deepEqual(await servicePids(), before)
  await stop(second.child)
})

test('a killed agent and a killed Master come back by themselves and no service notices', async () => {
  const cloud = await up()
  const before = await servicePids()
  for (const part of ['master', 'agent']) {
    const pid = Number((await readFile(join(root, `${part}.pid`), 'utf8')).trim())
    process.kill(pid, 'SIGKILL')
    await cloud.until(new RegExp(`${part} .*(started again|is back)`, 'i'))
  }
  assert.deepEqual(await servicePids(), before)
  assert.match(await (await fetch(cloud.service)).text(), /Hello/)
  await stop(cloud.child)
})

test('a taken port, an unwritable home and a missing program are one clear line each', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const address = taken.address()
  assert.ok(address !== null && typeof address === 'object')
  const other = await mkdtemp(join(tmpdir(), 'slapos-up-'))
  try {
    assert.match(
      await refused('up', '--home', other, '--api-port', String(address.port)),
      new RegExp(`cannot listen on 127.0.0.1:${address.port}: another program uses that port`),
    )
    assert.match(await refused('up', '--home', '/proc/none'), /cannot write to \/proc\/none.*SLAPOS_HOME/)
  } finally {
    taken.close()
    await rm(other, { recursive: true, force: true })
  }
})

interface Cloud {
  readonly child: ChildProcess
  readonly service: string
  readonly seconds: number
  readonly text: string
  until(pattern: RegExp): Promise<string>
}

async function up(...options: string[]): Promise<Cloud> {
  const begun = performance.now()
  const words = ['up', '--home', root, '--api-port', String(ports[0]), '--panel-port', String(ports[1]), ...options]
  const child = spawn(slapos, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  started.add(child)
  let text = ''
  const waiting = new Set<() => void>()
  const add = (chunk: Buffer) => {
    text += chunk
    for (const look of waiting) look()
  }
  child.stdout.on('data', add)
  child.stderr.on('data', add)
  const until = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(text)
        if (!match) return
        waiting.delete(look)
        resolve(match[1] ?? match[0])
      }
      waiting.add(look)
      child.once('exit', (code) => reject(new Error(`slapos up ended with ${code}:\n${text}`)))
      look()
    })
  const service = await until(/Service hello +(\S+)/)
  return { child, service, text, seconds: (performance.now() - begun) / 1000, until }
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGINT')
  const [code] = await ended
  started.delete(child)
  assert.equal(code, 0)
}

async function servicePids(): Promise<string[]> {
  const { out } = await command('node', 'status', '--cfg', nodeCfg())
  return out.split('\n').flatMap((line) => /^(slappart\S+) +RUNNING +pid (\d+)/.exec(line)?.slice(1).join(' ') ?? [])
}

const nodeCfg = () => join(root, 'node/etc/opt/slapos/slapos.cfg')

async function command(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(slapos, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const [code] = await once(child, 'close')
  return { code, out, err }
}

async function refused(...words: string[]): Promise<string> {
  const { code, err } = await command(...words)
  assert.notEqual(code, 0)
  assert.equal(err.trim().split('\n').length, 1, err)
  return err
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  await new Promise((done) => server.close(done))
  return address.port
}
