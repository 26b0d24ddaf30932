/** Who may join, who must leave, and who is who after a restore: real machines, and a Master that is killed meanwhile. */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { readBundle } from '@slapos/master/install/index.ts'
import { createLab, type Host, type Lab, labUnavailable } from '../src/net/index.ts'
import { makeBundle } from './bundles.ts'
import { type CommandMaster, commandMaster, initCommandMaster, textOf, until } from './command-master.ts'

// The tests of this file are one story on the same machines, told in order.
const skip = labUnavailable() ?? false
const NODE = [process.execPath, '--disable-warning=ExperimentalWarning']
const script = (name: string) => join(import.meta.dirname, name)

let lab: Lab
let bundle: string
let master: CommandMaster
/** Where a hundred machines are one, and where the way that loses answers is. */
let crowd: Host
let one: Host
let two: Host
/** Every reference that a computer ever had. */
const known = new Set<string>()

before(async () => {
  if (skip) return
  bundle = await makeBundle()
  lab = await createLab()
  const open = (name: string, files: 'machine' | 'fresh') => lab.addHost({ name, files })
  const [place, ...machines] = await Promise.all([
    open('master', 'machine'),
    open('crowd', 'machine'),
    open('one', 'fresh'),
    open('two', 'fresh'),
  ])
  ;[crowd, one, two] = machines
  master = await initCommandMaster(place, { bundle })
  await master.start()
})

after(async () => {
  if (skip) return
  await lab.close()
  await rm(bundle, { recursive: true, force: true })
})

const newToken = async () => textOf(await master.panel('POST', '/tokens', {}), 'token')

/** What becomes of that many machines that register with one token at the same time. */
async function registering(token: string, count: number): Promise<readonly string[]> {
  const args = [master.apiUrl, master.webUrl, token, String(count)]
  const outcomes: unknown = JSON.parse(await crowd.run([...NODE, script('crowd.ts'), ...args], { timeoutMs: 200_000 }))
  assert.ok(Array.isArray(outcomes))
  return outcomes.map(String)
}

async function itemsOf(path: string): Promise<readonly unknown[]> {
  const page = await master.panel('GET', path)
  assert.ok(typeof page === 'object' && page !== null && 'items' in page && Array.isArray(page.items))
  return page.items
}
const computers = async () => (await itemsOf('/servers')).map((item) => textOf(item, 'computer')).sort()

/** `id state` of the newest token. */
async function newestToken(): Promise<{ readonly id: string; readonly state: string }> {
  const list: unknown = JSON.parse(await master.run('token', 'list', '--json'))
  assert.ok(Array.isArray(list))
  const [newest]: readonly unknown[] = list
  return { id: textOf(newest, 'id'), state: textOf(newest, 'state') }
}

const computerOf = async (host: Host) =>
  /^computer_id = (\S+)$/m.exec(await host.run(['cat', '/etc/opt/slapos/slapos.cfg']))?.[1] ?? ''

/** Service name to process number, as `slapos node` says. */
async function servicesOf(host: Host): Promise<Readonly<Record<string, string>>> {
  const lines = (await host.exec(['slapos', 'node'])).stdout.split('\n')
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name = '', pid = ''] = /^(slappart\S+)\s+RUNNING\s+pid (\d+)/.exec(line) ?? []
      return name === '' ? [] : [[name, pid]]
    }),
  )
}

const agentLog = (host: Host) => host.run(['cat', '/opt/slapos/log/slapos-node-agent.log'])

test('of a hundred machines with one token exactly one registers', { skip }, async () => {
  const token = await newToken()
  const outcomes = await registering(token, 100)
  const references = outcomes.filter((outcome) => outcome.startsWith('COMP-'))
  assert.equal(references.length, 1, outcomes.join())
  assert.deepEqual(await computers(), references)
  for (const reference of references) known.add(reference)
  assert.deepEqual(
    outcomes.filter((outcome) => !outcome.startsWith('COMP-')),
    Array.from({ length: 99 }, () => 'refused'),
  )
  assert.deepEqual(await registering(token, 1), ['refused'], 'used again')
})

test('an expired and a revoked token register nothing', { skip }, async () => {
  const revoked = await newToken()
  await master.run('token', 'revoke', (await newestToken()).id)
  const expired = await newToken()
  const { id } = await newestToken()
  // An hour is the shortest life that can be asked for.
  const sql = `update token set expires = 1 where id = '${id}'`
  const age = `new (require('node:sqlite').DatabaseSync)('/run/slapos-master/state.db').exec(${JSON.stringify(sql)})`
  await master.host.run([...NODE, '-e', age])
  assert.equal((await newestToken()).state, 'expired')
  assert.deepEqual(await registering(revoked, 1), ['refused'])
  assert.deepEqual(await registering(expired, 1), ['refused'])
  assert.deepEqual(await computers(), [...known])
})

test('a machine or a Master that dies between taking the token and answering: the same machine repeats', {
  skip,
}, async () => {
  const way = crowd.spawn([...NODE, script('answerless-way.ts'), master.host.ipv4])
  if (way.child.stdout) await once(way.child.stdout, 'data')
  await one.run(['wget', '-q', '--no-check-certificate', '-O', '/root/slapos', `${master.webUrl}slapos`])
  const installed = await one.exec(['bash', '/root/slapos'], { input: '\n\n\n\n' })
  assert.equal(installed.code, 0, installed.stdout + installed.stderr)
  const urls = ['--master-url', master.apiUrl, '--master-url-web', master.webUrl]
  const detour = `add table ip way; add chain ip way output { type nat hook output priority -100; };
    add rule ip way output ip daddr ${master.host.ipv4} tcp dport 443 dnat to ${crowd.ipv4}`
  await one.run(['nft', '-f', '-'], { input: detour })
  // Killed itself before its answer came: it has the key, and no more.
  const otherToken = await newToken()
  const words = ['slapos', 'node', 'register', 'other', ...urls, '--cfg', '/root/other/slapos.cfg']
  const killed = one.spawn(words, { environment: { SLAPOS_TOKEN: otherToken } })
  await until(newestToken, ({ state }) => state === 'in-use')
  await killed.signal('SIGKILL')
  await once(killed.child, 'exit')
  await one.run(['nft', 'delete', 'table', 'ip', 'way'])
  assert.deepEqual(await registering(otherToken, 1), ['refused'], 'another machine')
  await one.run(words, { environment: { SLAPOS_TOKEN: otherToken } })
  const ofOther = await one.run(['cat', '/root/other/slapos.cfg'])
  known.add(/^computer_id = (\S+)$/m.exec(ofOther)?.[1] ?? '')
  assert.deepEqual(await computers(), [...known].sort())

  await one.run(['nft', '-f', '-'], { input: detour })
  const token = await newToken()
  const register = () =>
    one.exec(['slapos', 'node', 'register', 'one', ...urls], { environment: { SLAPOS_TOKEN: token } })
  const first = register()
  await until(newestToken, ({ state }) => state === 'in-use')
  await until(computers, (list) => list.length === known.size + 1)
  await master.end('SIGKILL')
  await way.signal('SIGKILL')
  const lost = await first
  assert.notEqual(lost.code, 0, lost.stderr)
  assert.equal((await one.exec(['test', '-e', '/etc/opt/slapos/slapos.cfg'])).code, 1)
  await one.run(['nft', 'delete', 'table', 'ip', 'way'])

  await master.start()
  assert.deepEqual(await registering(token, 1), ['refused'], 'another machine')
  const again = await register()
  assert.equal(again.code, 0, again.stderr)
  known.add(await computerOf(one))
  assert.deepEqual(await computers(), [...known].sort())
  const resumed = await one.exec(['bash', '/root/slapos', '--non-interactive'])
  assert.equal(resumed.code, 0, resumed.stdout + resumed.stderr)
})

test('what the command says: a refused token, a name in use, a password; a former configuration is set aside', {
  skip,
}, async () => {
  const urls = ['--master-url', master.apiUrl, '--master-url-web', master.webUrl]
  const register = (name: string, words: readonly string[], input = '', environment: Record<string, string> = {}) => {
    const cfg = ['--cfg', '/root/again/slapos.cfg']
    return one.exec(['slapos', 'node', 'register', name, ...urls, ...cfg, ...words], { input, environment })
  }
  const lines = (stderr: string) =>
    stderr
      .trim()
      .split('\n')
      .map((line) => line.replace(/^\S+ \S+ slapos\[\d+\] /, ''))
  const dry = await register('again', ['-n'])
  assert.equal(dry.code, 0, dry.stderr)
  assert.equal((await one.exec(['test', '-e', '/root/again'])).code, 1, 'a rehearsal leaves nothing')

  const refused = await register('again', ['--token', `20200101-${'0'.repeat(32)}`])
  assert.equal(refused.code, 1)
  const denied = 'Access denied to the SlapOS Master.'
  assert.deepEqual(lines(refused.stderr), [
    `slapos: ${denied} Please check the authentication token or require a new one.`,
  ])
  const inUse = await register('one', [], '', { SLAPOS_TOKEN: await newToken() })
  assert.equal(inUse.code, 1)
  assert.deepEqual(lines(inUse.stderr), [
    'slapos: The node name "one" is already in use. Please change the name, or revoke the active certificate if you want to replace the node.',
  ])
  const wrong = await register('again', ['--login', 'ada'], '', { SLAPOS_PASSWORD: 'wrong' })
  assert.equal(wrong.code, 1)
  assert.match(wrong.stderr, new RegExp(`^slapos: ${denied} Please check username and password`))

  const asked = await register('again', ['--login-auth'], 'ada\nwrong\nada\na long enough secret\n')
  assert.equal(asked.code, 0, asked.stderr)
  assert.equal(asked.stdout, 'SlapOS Master Login: Password: \nSlapOS Master Login: Password: \n')
  const [retry, ...said] = lines(asked.stderr)
  assert.equal(retry, 'WARNING Wrong login/password')
  const computer = /as (COMP-\d+)\.$/.exec(said.at(-2) ?? '')?.[1] ?? ''
  known.add(computer)
  const written = [
    'INFO Creating directory: /root/again',
    'INFO Creating directory: /root/again/ssl',
    "INFO Copying to '/root/again/ssl/key', and setting minimum privileges",
    "INFO Copying to '/root/again/ssl/certificate', and setting minimum privileges",
    'INFO Creating directory: /root/again/ssl/partition_pki',
    'INFO SlapOS configuration written to /root/again/slapos.cfg',
  ]
  assert.deepEqual(said, [
    ...written,
    `INFO Node has successfully been configured as ${computer}.`,
    'INFO Now please invoke slapos node boot on your site.',
  ])
  assert.equal(await one.run(['stat', '-c', '%a', '/root/again', '/root/again/ssl/key']), '711\n600\n')

  for (const [n, old] of ['/root/again.old', '/root/again.old.1'].entries()) {
    const again = await register(`again-${n}`, [], '', { SLAPOS_TOKEN: await newToken() })
    assert.equal(again.code, 0, again.stderr)
    known.add(/as (COMP-\d+)\.$/m.exec(again.stderr)?.[1] ?? '')
    const moved = `INFO Former slapos configuration detected in /root/again moving to ${old}`
    assert.ok(lines(again.stderr).includes(moved), again.stderr)
    assert.equal((await one.exec(['test', '-f', `${old}/slapos.cfg`])).code, 0)
  }
  assert.deepEqual(await computers(), [...known].sort())
})

/** Requests the service of our first release on a computer, and answers when it serves. */
async function serve(title: string, host: Host): Promise<void> {
  const computer = await computerOf(host)
  const release = (await readBundle(bundle)).artefacts.find(({ file }) => file.startsWith('helloworld'))
  const releaseUrl = `${master.webUrl}install/bundle/${release?.sha256}/${release?.file}#sha256=${release?.sha256}`
  await master.panel('POST', `/servers/${computer}/installations`, { url: releaseUrl })
  const wish = { title, releaseUrl, softwareType: 'default', shared: false, filter: { computer_guid: computer } }
  const parameters = { _: '{"message":"hello from the lab"}' }
  const reference = textOf(await master.panel('POST', '/services', { ...wish, parameters }), 'reference')
  // A parameter of its connection.
  const urlOf = (service: unknown) => /"value":"(http[^"]*)"/.exec(JSON.stringify(service))?.[1] ?? ''
  const url = await until(
    async () => urlOf(await master.panel('GET', `/services/${reference}`)),
    (found) => found !== '',
  )
  const fetched = ['wget', '-q', '-O', '-', '--tries=30', '--retry-connrefused', '--waitretry=1', url]
  assert.match(await host.run(fetched), /hello from the lab/)
}

test('an older state, restored on another machine: nodes notice, nothing restarts', { skip }, async () => {
  const line = `wget -q --no-check-certificate ${master.webUrl}slapos && bash slapos --non-interactive`
  const answers = {
    SLAPOS_MASTER_URL: master.apiUrl,
    SLAPOS_MASTER_URL_WEB: master.webUrl,
    SLAPOS_NAME: 'two',
    SLAPOS_TOKEN: await newToken(),
  }
  const installed = await two.exec(['bash', '-c', line], { cwd: '/root', environment: answers })
  assert.equal(installed.code, 0, installed.stdout + installed.stderr)
  known.add(await computerOf(two))
  await Promise.all([serve('first', one), serve('second', two)])
  const before = await Promise.all([one, two].map(servicesOf))
  assert.ok(before.every((services) => Object.keys(services).length > 0))

  const then = await computers()
  await master.run('backup', '/run/backup.tar')
  const [late = ''] = await registering(await newToken(), 1)
  known.add(late)
  const backup = await master.host.run(['base64', '/run/backup.tar'])
  await master.end('SIGKILL')
  await master.host.close()

  const spare = await lab.addHost({ name: 'spare', files: 'machine', ipv4: master.host.ipv4 })
  await spare.run(['sh', '-c', 'umask 077 && base64 -d > /run/backup.tar'], { input: backup })
  master = commandMaster(spare, { bundle })
  assert.match(await master.run('restore', '/run/backup.tar'), /; epoch [0-9a-f]+ begins/)
  await master.start()
  // Another machine has the address: who remembers the former one's asks again some time.
  for (const host of [one, two, crowd]) await host.run(['ip', 'neighbour', 'flush', 'all'])

  assert.deepEqual(await computers(), then)
  for (const host of [one, two])
    await until(
      () => agentLog(host),
      (log) => /another history than before/.test(log),
    )
  const colours = async () =>
    (await itemsOf('/servers')).map((item) => JSON.stringify(item)).filter((text) => text.includes('"green"'))
  await until(colours, (green) => green.length >= 2)
  assert.deepEqual(await Promise.all([one, two].map(servicesOf)), before)

  const [next = ''] = await registering(await newToken(), 1)
  assert.match(next, /^COMP-\d+$/)
  assert.ok(!known.has(next), `${next} was given twice`)
  await serve('later', one)
  const now = await servicesOf(one)
  for (const [name, pid] of Object.entries(before[0] ?? {})) assert.equal(now[name], pid, `${name} was restarted`)
})

test('a certificate past half of its life is renewed; nothing restarts, nothing is refused meanwhile', {
  skip,
}, async () => {
  const path = '/etc/opt/slapos/ssl/certificate'
  const before = await servicesOf(one)
  const present = await one.run(['cat', path])
  await master.end('SIGTERM')
  const age = [...NODE, script('age-certificate.ts'), '/run/slapos-master', '300']
  const aged = await master.host.run(age, { input: present })
  await one.run(['sh', '-c', `cat > ${path}`], { input: aged })
  await master.start()
  // The agent looks when it starts, and each hour.
  const [, agent = ''] = /^watchdog +RUNNING +pid (\d+)/m.exec((await one.exec(['slapos', 'node'])).stdout) ?? []
  const { length } = await agentLog(one)
  await one.run(['kill', agent])
  const log = await until(
    async () => (await agentLog(one)).slice(length),
    (text) => /the certificate of this node was renewed[\s\S]*connected to /.test(text),
  )
  assert.doesNotMatch(log, /refused|not renewed/)
  const renewed = await one.run(['cat', path])
  assert.ok(new X509Certificate(renewed).validToDate.getTime() > Date.now() + 399 * 86_400_000)
  const of = await computerOf(one)
  const valid = async () =>
    (await master.run('cert', 'list'))
      .split('\n')
      .filter((line) => line.startsWith(`${of} `) && line.endsWith(' valid'))
  // The key stays the node's own: with it both certificates serve until the old one ends.
  assert.ok(
    (await valid()).some((line) => line.includes(sum(renewed))),
    'the Master knows the new one',
  )
  assert.deepEqual(await servicesOf(one), before)
  await serve('after renewal', one)
})

const sum = (pem: string) => new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase().slice(0, 16)

test('a revoked node is cut off within 5 seconds, on its open connections too; its services stay', {
  skip,
}, async () => {
  const before = await servicesOf(two)
  const ssl = '/etc/opt/slapos/ssl'
  const pair = ['--cacert', `${ssl}/ca.crt`, '--cert', `${ssl}/certificate`, '--key', `${ssl}/key`]
  const events = two.spawn(['curl', '-sN', ...pair, `${master.apiUrl}node/v1/events`])
  if (events.child.stdout) await once(events.child.stdout, 'data')
  const address = master.apiUrl.replace(/^https:\/\/|\/$/g, '')
  // One that asked for nothing yet, and one that is kept after an answer. The API speaks HTTP/1.1 to who prefers 2.
  const words = ['openssl', 's_client', '-alpn', 'h2,http/1.1', '-connect', address]
  const [idle, kept] = [0, 1].map(() => two.spawn([...words, '-cert', `${ssl}/certificate`, '-key', `${ssl}/key`]))
  assert.ok(idle && kept)
  const said = ({ child }: typeof idle, words: RegExp) =>
    new Promise<void>((resolve) => {
      let text = ''
      child.stdout?.on('data', (data: Buffer) => {
        text += data.toString()
        if (words.test(text)) resolve()
      })
    })
  await Promise.all([said(idle, /ALPN protocol: http\/1\.1/), said(kept, /ALPN protocol/)])
  const answered = said(kept, /HTTP\/1\.1 200 OK/)
  kept.child.stdin?.write(`GET /node/v1/ HTTP/1.1\r\nHost: ${address}\r\n\r\n`)
  await answered
  const ended = Promise.all([events, idle, kept].map(({ child }) => once(child, 'exit')))
  const call = ['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', ...pair, `${master.apiUrl}node/v1/`]
  assert.equal(await two.run(call), '200')

  await master.run('cert', 'revoke', await computerOf(two))
  const began = performance.now()
  await ended
  assert.ok(performance.now() - began < 5000, `cut off after ${performance.now() - began} ms`)
  await until(
    () => agentLog(two),
    (log) => /the Master is refused: /.test(log),
    10_000,
  )
  assert.match((await two.exec(call)).stdout, /^(403|401|000)$/)
  assert.deepEqual(await servicesOf(two), before)
  // The other node is not concerned.
  assert.equal(await one.run(call), '200')
})
