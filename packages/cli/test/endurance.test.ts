/** What kills and hostile releases do to a cloud: services run exactly once, others notice nothing, nothing is lost. */
import assert from 'node:assert/strict'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { helloworld, kill, makeCloud, type TestCloud, type Up } from './cloud.ts'
import { eventually, page } from './eventually.ts'
import { instanceOf, writeRelease } from './releases.ts'

let cloud: TestCloud
let up: Up
let url = ''
before(async () => {
  cloud = await makeCloud()
  up = await cloud.up()
  url = await up.until(/Service hello +(http\S+)/)
  const ticker = await writeRelease(cloud.root, 'ticker', {
    instance: instanceOf(
      `instance.service('tick', { command: ['/bin/sh', '-c', 'while :; do echo tick $$; sleep 0.2; done', 'ticker'] })`,
    ),
  })
  await cloud.ok('supply', ticker, 'COMP-0')
  await cloud.slapos('request', 'ticker', ticker)
  await eventually('the ticker', async () => tick(await cloud.services())?.state === 'RUNNING')
})
after(() => cloud?.end())

type Services = Awaited<ReturnType<TestCloud['services']>>
const find = (services: Services, name: RegExp) => Object.values(services).find(({ title }) => name.test(title))
const tick = (services: Services) => find(services, /:tick/)
const greeter = (services: Services) => find(services, /:greeter/)
const why = (title: string) => cloud.ok('why', title).then((text) => text.replaceAll(/\s+/g, ' '))

/** Each service runs, once, as the process that `slapos node` names, and its log flows. Answers the pids. */
async function everythingRunsOnce(): Promise<readonly number[]> {
  return eventually('everything runs exactly once', async () => {
    const services = await cloud.services()
    const [ticking, greeting] = [tick(services), greeter(services)]
    if (ticking?.state !== 'RUNNING' || greeting?.state !== 'RUNNING') return false
    const processes = await cloud.processes()
    // A shell that forks is two for a moment; a second copy would stay.
    const copies = (part: string) => processes.filter(({ line }) => line.includes(part)).map(({ pid }) => pid)
    if (String(copies('tick $$')) !== String([ticking.pid])) return false
    if (String(copies('/server.ts')) !== String([greeting.pid])) return false
    const said = async () => (await cloud.ok('node', 'tail', ticking.title)).trim().split('\n')
    if (!(await said()).some((line) => line.endsWith(`tick ${ticking.pid}`))) return false
    return /Hello|Storm/.test(await page(url)) && [ticking.pid ?? 0, greeting.pid ?? 0]
  })
}

/** Kills what the words of its command line name, of this cloud only. */
async function killAll(pattern: RegExp): Promise<void> {
  const found = (await cloud.processes()).filter(({ line }) => pattern.test(line))
  assert.notEqual(found.length, 0, `nothing is ${pattern}`)
  for (const { pid } of found) kill(pid)
}

const AGENT = /node agent --cfg/
const MASTER = /_cloud-master/
const SCANNER = /^s6-svscan/
const SUPERVISE = /^s6-supervise/

test('the agent killed, and replaced by another process: no pid changes', async () => {
  const before = await everythingRunsOnce()
  const agent = await cloud.pid('agent')
  await killAll(AGENT)
  await eventually('another agent', async () => (await cloud.pid('agent')) !== agent)
  assert.deepEqual(await everythingRunsOnce(), before)
})

test('the scanner killed: no pid changes, and another one is there', async () => {
  const before = await everythingRunsOnce()
  await killAll(SCANNER)
  await eventually('a scanner', async () => (await cloud.processes()).some(({ line }) => SCANNER.test(line)))
  assert.deepEqual(await everythingRunsOnce(), before)
})

test('every supervise killed: each service runs once again', async () => {
  await everythingRunsOnce()
  await killAll(SUPERVISE)
  await everythingRunsOnce()
})

test('agent, Master, scanner and every supervise killed together: each service runs once', async () => {
  await everythingRunsOnce()
  await killAll(new RegExp([AGENT, MASTER, SCANNER, SUPERVISE].map(({ source }) => source).join('|')))
  await everythingRunsOnce()
})

test('the Master gone: services live, `slapos node` answers, commands say so', async () => {
  const before = await everythingRunsOnce()
  // Held, not killed: it would be started again at once.
  const master = await cloud.pid('master')
  kill(master, 'SIGSTOP')
  try {
    assert.match(await page(url), /Hello/)
    assert.deepEqual([tick(await cloud.services())?.pid, greeter(await cloud.services())?.pid], before)
  } finally {
    kill(master, 'SIGCONT')
  }
  await killAll(new RegExp(`${MASTER.source}| up --home `))
  await eventually('no Master', async () => !(await cloud.processes()).some(({ line }) => MASTER.test(line)))
  assert.deepEqual(await everythingRunsOnce(), before, 'even without `slapos up`')
  const { code, err } = await cloud.slapos('node', 'instance', '--now')
  assert.equal(code, 3, err)
  assert.match(err, /unreachable/)
  up = await cloud.up()
  await everythingRunsOnce()
})

test('the Master killed in a storm of requests: every acknowledged one is there', async () => {
  const acknowledged = new Set<string>()
  const ask = async (title: string) => {
    const words = ['request', title, helloworld, '--slave', '--parameters', `path=${title}`]
    const { code } = await cloud.slapos(...words)
    if (code === 0 || code === 2) acknowledged.add(title)
  }
  const storm = Array.from({ length: 3 }, async (_, lane) => {
    for (let index = 0; index < 5; index++) await ask(`storm-${lane}-${index}`)
  })
  await eventually('some are acknowledged', () => acknowledged.size >= 3)
  const master = await cloud.pid('master')
  kill(master)
  await Promise.all(storm)
  await eventually('another Master', async () => (await cloud.pid('master')) !== master)
  const listed = await eventually('the list', async () => {
    const rows: unknown = await cloud.json('service', 'list')
    return Array.isArray(rows) && new Set(rows.map((row: { title: string }) => row.title))
  })
  for (const title of acknowledged) assert.ok(listed.has(title), `${title} was lost`)
})

test('hostile releases are red with the reason, and disturb no other', async () => {
  // A loop is given up after this many seconds; the agent reads it when it starts.
  const cfg = await readFile(cloud.nodeCfg, 'utf8')
  await writeFile(cloud.nodeCfg, cfg.replace('[slapos]\n', '[slapos]\npartition_timeout = 10\n'))
  const agent = await cloud.pid('agent')
  await killAll(AGENT)
  await eventually('another agent', async () => (await cloud.pid('agent')) !== agent)
  const before = await everythingRunsOnce()
  const hostile: Readonly<Record<string, string>> = {
    loop: 'for (;;) {}',
    huge: "for (let i = 0; i < 1e5; i++) instance.file('f' + i, 'x'.repeat(1000))",
    forged: "instance.file('../../escape', 'x')",
  }
  for (const [title, body] of Object.entries(hostile)) {
    const release = await writeRelease(cloud.root, title, { instance: instanceOf(body) })
    await cloud.ok('supply', release, 'COMP-0')
    await cloud.slapos('request', title, release)
  }
  const reasons = { loop: /loop|within \d+ s|seconds/i, huge: /long|many|limit|memory/i, forged: /escape|\.\./ }
  for (const [title, reason] of Object.entries(reasons)) {
    await eventually(`${title} is red`, async () => {
      const text = await why(title)
      return /failing|failed/i.test(text) && reason.test(text)
    })
    const { out } = await cloud.slapos('service', 'info', title)
    assert.equal(JSON.parse(out).status, 'red', title)
  }
  assert.deepEqual(await everythingRunsOnce(), before)
  for (const title of Object.keys(hostile))
    await cloud.slapos('request', title, join(cloud.root, 'releases', title), '--state', 'destroyed')
})

test('a failing promise turns the indicator and never runs instance.ts again', async () => {
  const flag = join(cloud.root, 'flags/healthy')
  await mkdir(join(flag, '..'))
  await writeFile(flag, '')
  const release = await writeRelease(cloud.root, 'promised', {
    instance: instanceOf(`
      instance.publish({ made: String(Date.now()) + Math.random() })
      instance.service('sleeper', { command: ['/bin/sleep', '1000'] })
      instance.promise.command('healthy', { command: ['/usr/bin/test', '-e', '${flag}'], period: 1 })`),
  })
  const made = async () => {
    const { out } = await cloud.slapos('request', 'promised', release, '--json')
    const value: unknown = out === '' ? undefined : JSON.parse(out).connection.made
    return typeof value === 'string' ? value : undefined
  }
  await cloud.ok('supply', release, 'COMP-0')
  const before = await eventually('it is made', made)
  const colour = async () => JSON.parse((await cloud.slapos('service', 'info', 'promised')).out).status
  await eventually('green', async () => (await colour()) === 'green')
  const pid = find(await cloud.services(), /:sleeper/)?.pid
  await rm(flag)
  await eventually('not green', async () => (await colour()) !== 'green')
  assert.match(await why('promised'), /healthy/)
  await writeFile(flag, '')
  await eventually('green again', async () => (await colour()) === 'green')
  assert.equal(await made(), before)
  assert.equal(find(await cloud.services(), /:sleeper/)?.pid, pid)
})
