import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { labUnavailable } from './available.ts'
import type { Host } from './host.ts'
import { createLab } from './lab.ts'
import type { Spawned } from './spawned.ts'

const skip = labUnavailable() ?? false
const node = dirname(process.execPath)

async function openLab(t: TestContext) {
  const lab = await createLab()
  t.after(() => lab.close())
  return lab
}

/** Starts `socat` and waits until its port is bound. */
async function listen(host: Host, kind: 'TCP' | 'UDP', port: number, action: string) {
  const address = kind === 'TCP' ? `TCP-LISTEN:${port},fork,reuseaddr` : `UDP-RECVFROM:${port},fork`
  const service = host.spawn(['socat', address, action])
  const flag = kind === 'TCP' ? '-tln' : '-uln'
  while (!(await host.run(['ss', '-H', flag, `sport = :${port}`])).includes(`:${port}`)) {
    assert.equal(service.child.exitCode, null)
  }
  return service
}

const ask = (host: Host, to: Host, port: number, seconds = 2) =>
  host.exec(['socat', '-T', String(seconds), '-', `TCP:${to.ipv4}:${port},connect-timeout=${seconds}`], {
    input: 'ping',
  })

test('a host has the files of a fresh machine, and what it writes is its own', { skip }, async (t) => {
  const lab = await openLab(t)
  const [first, second] = await Promise.all([lab.addHost({ name: 'alpha' }), lab.addHost({ name: 'beta' })])
  assert.equal((await first.run(['hostname'])).trim(), 'alpha')
  assert.equal((await second.run(['hostname'])).trim(), 'beta')
  await first.run(['useradd', '--create-home', 'labuser'])
  await first.run([
    'sh',
    '-c',
    'mkdir -p /opt/lab /usr/local/lab && echo x > /etc/lab && echo x > /usr/bin/lab-program',
  ])
  assert.equal((await second.exec(['id', 'labuser'])).code, 1)
  for (const path of ['/opt/lab', '/usr/local/lab', '/etc/lab', '/usr/bin/lab-program', '/home/labuser']) {
    assert.equal(existsSync(path), false, path)
  }
  const checkout = join(import.meta.dirname, '../../..')
  assert.equal((await first.exec(['ls', checkout])).code, 2, 'the checkout is not on a fresh machine')
  assert.equal((await first.exec(['which', 'node'])).code, 1)
  assert.match(await first.run(['dpkg', '-s', 'dpkg']), /Status: install ok installed/)
})

test('a partition makes an open connection half-open, and it goes on when healed', { skip }, async (t) => {
  const lab = await openLab(t)
  const [server, client] = await Promise.all([lab.addHost(), lab.addHost()])
  await listen(server, 'TCP', 7, 'EXEC:cat')
  const { child } = client.spawn(['socat', '-', `TCP:${server.ipv4}:7`])
  const next = async () => String((await once(child.stdout ?? child, 'data'))[0])
  child.stdin?.write('one')
  assert.equal(await next(), 'one')
  await client.partition()
  assert.notEqual((await ask(client, server, 7, 1)).code, 0)
  child.stdin?.write('two')
  const answer = next()
  await client.heal()
  assert.equal(await answer, 'two')
})

test('behind a router the weather is the same', { skip }, async (t) => {
  const lab = await openLab(t)
  const router = await lab.addNat({ kind: 'symmetric' })
  const [server, client] = await Promise.all([lab.addHost(), router.addHost()])
  await listen(server, 'TCP', 7, 'EXEC:cat')
  assert.equal((await ask(client, server, 7)).stdout, 'ping')
  await client.partition()
  assert.notEqual((await ask(client, server, 7, 1)).code, 0)
  await client.heal()
  const end = await client.blackhole({ ipv4: server.ipv4, port: 7 })
  assert.notEqual((await ask(client, server, 7, 1)).code, 0)
  await end()
  assert.equal((await ask(client, server, 7)).stdout, 'ping')
})

test('a blackhole swallows one port only', { skip }, async (t) => {
  const lab = await openLab(t)
  const [server, client] = await Promise.all([lab.addHost(), lab.addHost()])
  await listen(server, 'TCP', 7, 'EXEC:cat')
  await listen(server, 'TCP', 8, 'EXEC:cat')
  const end = await client.blackhole({ ipv4: server.ipv4, port: 7 })
  assert.notEqual((await ask(client, server, 7, 1)).code, 0)
  assert.equal((await ask(client, server, 8)).stdout, 'ping')
  await end()
  assert.equal((await ask(client, server, 7)).stdout, 'ping')
})

test('loss is the share that was asked for', { skip }, async (t) => {
  const lab = await openLab(t)
  const [server, client] = await Promise.all([lab.addHost(), lab.addHost({ show: [node] })])
  await listen(server, 'TCP', 7, 'EXEC:cat')
  assert.equal((await ask(client, server, 7)).stdout, 'ping')
  await client.loss(30)
  const sender = `const s = require('dgram').createSocket('udp4'); let n = 0
    const go = () => n++ < 1000 ? s.send('x', 9, '${server.ipv4}', go) : s.close(); go()`
  const before = await received(server)
  await client.run([join(node, 'node'), '-e', sender])
  const arrived = (await received(server)) - before
  assert.ok(arrived > 600 && arrived < 800, `${arrived} of 1000 arrived`)
})

/** Datagrams that reached the host, delivered or not (nobody listens on port 9). */
async function received(host: Host): Promise<number> {
  const [, values = ''] = (await host.run(['grep', '^Udp:', '/proc/net/snmp'])).split('\n')
  const [, delivered = 0, noPort = 0] = values.split(' ').map(Number)
  return delivered + noPort
}

test('routers translate and filter as their kind says', { skip }, async (t) => {
  const lab = await openLab(t)
  const expected = {
    'endpoint-independent': { mapping: 'same', address: true, stranger: true },
    'address-dependent': { mapping: 'same', address: true, stranger: false },
    'port-dependent': { mapping: 'same', address: false, stranger: false },
    symmetric: { mapping: 'different', address: false, stranger: false },
  } as const
  const [one, two, three] = await Promise.all([
    lab.addHost({ show: [node] }),
    lab.addHost({ show: [node] }),
    lab.addHost(),
  ])
  for (const [kind, wanted] of Object.entries(expected)) {
    const router = await lab.addNat({ kind: kind as keyof typeof expected })
    const inner = await router.addHost({ show: [node] })
    assert.deepEqual(await probe(inner, one, two, three), wanted, kind)
  }
})

/** One socket behind the router writes to `one:1000` and `two:1000`; then `one:1001` and a stranger write to it. */
async function probe(inner: Host, one: Host, two: Host, stranger: Host) {
  const script = `const d = require('dgram'), s = d.createSocket('udp4')
    s.on('message', (m, from) => { s.send('echo ' + from.port, from.port, from.address); console.log(from.address, from.port) })
    s.bind(1000, () => console.log('bound'))`
  const servers = [one, two].map((host) => host.spawn([join(node, 'node'), '-e', script]))
  const says = async ({ child }: Spawned) => String((await once(child.stdout ?? child, 'data'))[0]).trim()
  await Promise.all(servers.map(says))
  const client = `const s = require('dgram').createSocket('udp4')
    s.on('message', (m, from) => console.log(String(m)))
    process.stdin.on('data', (to) => s.send('x', 1000, String(to).trim()))
    s.bind(5000)`
  const { child, signal } = inner.spawn([join(node, 'node'), '-e', client])
  let heard = ''
  child.stdout?.on('data', (data: Buffer) => {
    heard += data.toString()
  })
  const hears = async (text: string) => {
    while (!heard.includes(text)) await once(child.stdout ?? child, 'data')
  }
  const seen: string[] = []
  for (const [index, host] of [one, two].entries()) {
    const server = servers[index]
    assert.ok(server)
    const arrival = says(server)
    child.stdin?.write(`${host.ipv4}\n`)
    seen.push(await arrival)
  }
  const [address = '', port = ''] = seen[0]?.split(' ') ?? []
  const send = (host: Host, from: number, text: string) =>
    host.run(['socat', '-u', '-', `UDP-SENDTO:${address}:${port},bind=:${from}`], { input: text })
  await send(one, 1001, 'address')
  await send(stranger, 1001, 'stranger')
  // An echo that every kind lets through: what came before it has arrived by then, or never will.
  heard = heard.replaceAll('echo', '')
  child.stdin?.write(`${one.ipv4}\n`)
  await hears('echo')
  await Promise.all([...servers, { signal }].map((program) => program.signal('SIGKILL')))
  return {
    mapping: seen[0] === seen[1] ? 'same' : 'different',
    address: heard.includes('address'),
    stranger: heard.includes('stranger'),
  }
}

test('nothing outlives the lab, nor the process that made it', { skip }, async () => {
  const program = `import { createLab } from ${JSON.stringify(join(import.meta.dirname, 'lab.ts'))}
    const lab = await createLab(); const host = await lab.addHost()
    host.spawn(['sleep', '1000']); console.log(host.pid); setInterval(() => {}, 1000)`
  const owner = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const pid = Number(String((await once(owner.stdout, 'data'))[0]))
  assert.ok(existsSync(`/proc/${pid}`))
  owner.kill('SIGKILL')
  const deadline = Date.now() + 60_000
  while (existsSync(`/proc/${pid}`)) {
    assert.ok(Date.now() < deadline, 'the host outlived its owner')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
})
