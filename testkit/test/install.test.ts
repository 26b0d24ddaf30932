import assert from 'node:assert/strict'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { createLab, type Host, type Lab, labUnavailable } from '../src/net/index.ts'
import { makeBundle, upgradeBundle } from './bundles.ts'
import { until } from './command-master.ts'
import { agentOf, answering, computerOf, filesOf, recap, servicesOf, urlOf, wish } from './installed-node.ts'
import { type LabMaster, startLabMaster } from './lab-master.ts'

// The tests of this file are one story on the same machines, told in order.
const skip = labUnavailable() ?? false

let lab: Lab
let bundle: string
let masterHost: Host
let master: LabMaster
const hosts: Host[] = []
/** Since when the second machine does not see its Master, and what ran on it then. */
let away: { readonly since: number; readonly services: Readonly<Record<string, string>> } = { since: 0, services: {} }
/** Files before anything was installed, by host. */
const untouched = new Map<Host, ReadonlySet<string>>()

before(async () => {
  if (skip) return
  bundle = await makeBundle()
  lab = await createLab()
  masterHost = await lab.addHost({ name: 'master', files: 'machine' })
  // The second one is where most people are: behind a router that translates, of the least helpful kind.
  const router = await lab.addNat({ kind: 'symmetric' })
  hosts.push(await lab.addHost({ name: 'one' }), await router.addHost({ name: 'two' }))
  master = await startLabMaster(masterHost, bundle)
})

after(async () => {
  if (skip) return
  await lab.close()
  await rm(bundle, { recursive: true, force: true })
})

test('two bare machines become nodes by one line each', { skip }, async () => {
  await Promise.all(
    hosts.map(async (host) => {
      untouched.set(host, await filesOf(host))
      const line = String(await master.ask(`join ${host.name}`))
      const installed = await host.exec(['bash', '-c', line], { cwd: '/root' })
      assert.equal(installed.code, 0, installed.stdout + installed.stderr)
      assert.equal(recap(installed.stdout), 'ok=10 changed=7 unreachable=0 failed=0')
      assert.match(installed.stderr, /Node has successfully been configured as COMP-[01]\./)
      assert.match(await host.run(['slapos', 'node']), /^watchdog +RUNNING +pid \d+, uptime /m)
    }),
  )
})

test('both run a service', { skip }, async () => {
  for (const [index, host] of hosts.entries()) {
    const computer = await computerOf(host)
    await master.ask(`supply ${computer}`)
    await wish(master, `service-${index}`, computer)
  }
  await Promise.all(hosts.map((host, index) => answering(master, `service-${index}`, host)))
})

test('in bad weather services stay, and nodes come back by themselves', { skip }, async () => {
  const [one, two] = hosts
  assert.ok(one && two)
  const before = await Promise.all(hosts.map(servicesOf))
  assert.ok(before.every((services) => Object.keys(services).length > 0))
  // One sees half-open connections to a Master that is gone, the other loses a third of everything.
  await one.blackhole({ ipv4: masterHost.ipv4 })
  await two.loss(30)
  const [computer, other] = await Promise.all(hosts.map(computerOf))
  await wish(master, 'later', computer ?? '')
  await wish(master, 'lossy', other ?? '')
  await answering(master, 'lossy', two)
  // A restart of the agent while the Master is away: it works from what it knows.
  const agent = await agentOf(one)
  await one.run(['kill', '-9', agent])
  assert.deepEqual(await servicesOf(one), before[0])
  await until(
    () => agentOf(one),
    (pid) => !['', agent].includes(pid),
  )
  assert.deepEqual(await servicesOf(one), before[0])
  await one.heal()
  await two.heal()
  await answering(master, 'later', one)
  for (const [index, host] of hosts.entries()) {
    const now = await servicesOf(host)
    for (const [name, pid] of Object.entries(before[index] ?? {})) assert.equal(now[name], pid, `${name} was restarted`)
  }
})

/** What a router does that forgets its connections: what is open now goes nowhere any more, and nobody is told. */
async function forgetConnections(host: Host): Promise<() => Promise<unknown>> {
  const open = await host.run(['ss', '-Htn', 'state', 'established', 'dport', '=', ':5443'])
  const ports = open.split('\n').flatMap((line) => /:(\d+) +\S+:5443/.exec(line)?.[1] ?? [])
  assert.ok(ports.length > 0, open)
  const list = `{ ${ports.join(', ')} }`
  const rules = `table inet forgotten {
    chain input { type filter hook input priority 0; ip saddr ${host.ipv4} tcp dport 5443 tcp sport ${list} drop; }
    chain output { type filter hook output priority 0; ip daddr ${host.ipv4} tcp sport 5443 tcp dport ${list} drop; }
  }`
  await masterHost.run(['nft', '-f', '-'], { input: rules })
  return () => masterHost.run(['nft', 'delete', 'table', 'inet', 'forgotten'])
}

test('a half-open event stream is noticed, and another one tells what was missed', { skip }, async () => {
  const [one, two] = hosts
  assert.ok(one && two)
  const before = await servicesOf(one)
  // The other one loses sight of its Master; a later test finds it again, minutes after.
  away = { since: performance.now(), services: await servicesOf(two) }
  await two.partition()
  await wish(master, 'away', await computerOf(two))
  const remember = await forgetConnections(one)
  const began = performance.now()
  await wish(master, 'forgotten', await computerOf(one))
  // Silence is noticed, and a new stream tells to look.
  await answering(master, 'forgotten', one)
  // Neither the next poll nor a call that waits for an answer in vain: the dead stream itself.
  assert.ok(performance.now() - began < 45_000)
  await remember()
  const now = await servicesOf(one)
  for (const [name, pid] of Object.entries(before)) assert.equal(now[name], pid, `${name} was restarted`)
})

/** Processes of the node's own tree: the scanner, or who watches over the agent. */
async function pidsOf(host: Host, ...pattern: readonly string[]): Promise<readonly string[]> {
  return (await host.exec(['pgrep', ...pattern])).stdout.split('\n').filter((pid) => pid !== '')
}

test('without systemd the agent comes back when it is killed, and so does what watches over it', { skip }, async () => {
  const [host] = hosts
  assert.ok(host)
  const before = await servicesOf(host)
  const scanner = () => pidsOf(host, '-x', 's6-svscan')
  const supervise = () => pidsOf(host, '-xf', 's6-supervise :watchdog')
  const agent = async () => [await agentOf(host)].filter((pid) => pid !== '')
  const parts = { scanner, supervise, agent }
  const deaths = [['agent'], ['supervise'], ['scanner'], ['scanner', 'agent'], ['supervise', 'agent']] as const
  for (const names of deaths) {
    const former = { scanner: await scanner(), supervise: await supervise(), agent: await agent() }
    const pids = names.flatMap((name) => former[name])
    assert.equal(pids.length, names.length, names.join())
    await host.run(['kill', '-9', ...pids])
    // A new scanner gets a supervise of its own, and under another supervise the agent begins anew.
    const others: readonly string[] = names
    const renewed = others.includes('scanner')
      ? (['scanner', 'supervise', 'agent'] as const)
      : others.includes('supervise')
        ? (['supervise', 'agent'] as const)
        : (['agent'] as const)
    for (const name of renewed) {
      const [old] = former[name]
      await until(parts[name], (now) => now.length === 1 && now[0] !== old, 30_000).catch((error: unknown) => {
        throw new Error(`${name} after the death of ${names.join(' and ')}: ${error}`)
      })
    }
    assert.deepEqual(await servicesOf(host), before, `${names.join(' and ')} killed`)
  }
  // All of them at one time need an init: what it runs is repeatable, and finds the services where they were.
  const pids = [...(await scanner()), ...(await supervise()), await agentOf(host)]
  await host.run(['kill', '-9', ...pids])
  await host.run(['/etc/init.d/slapos-node', 'start'])
  await until(
    () => agentOf(host),
    (pid) => !['', ...pids].includes(pid),
  )
  assert.deepEqual(await servicesOf(host), before)
  await host.run(['/etc/init.d/slapos-node', 'stop'])
  assert.equal(await agentOf(host), '')
  await host.run(['/etc/init.d/slapos-node', 'start'])
  await until(
    () => agentOf(host),
    (pid) => pid !== '',
  )
  assert.deepEqual(await servicesOf(host), before)
})

const STEPS = [
  ...['Check this machine', 'Install Debian packages', 'Install Node.js', 'Install SlapOS', 'Use it'],
  ...['Register this computer', 'Set services up', 'Start the agent', 'Format this computer', 'Wait for the agent'],
] as const

/** Runs the installer in a session of its own, and kills all of it as soon as it says that it begins a step. */
async function killedAt(host: Host, line: string, step: string): Promise<void> {
  const { child } = host.spawn(['setsid', '--wait', 'bash', '-c', `echo "session $$"; ${line}`], { cwd: '/root' })
  let said = ''
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  child.stdout?.on('data', (data: Buffer) => {
    said += data.toString()
    if (said.includes(`TASK [${step}`)) resolve()
  })
  child.once('exit', () => reject(new Error(`${step} was not reached: ${said}`)))
  child.stderr?.resume()
  await promise
  const ended = once(child, 'exit')
  await host.exec(['pkill', '-KILL', '-s', /^session (\d+)$/m.exec(said)?.[1] ?? ''])
  await ended
}

test('killed at any step, it goes on from there, with the same token', { skip }, async () => {
  const host = await lab.addHost({ name: 'three' })
  const line = String(await master.ask('join three'))
  const [fetch = '', install = ''] = line.split(/(?<=sha256sum -c) && /)
  await host.run(['bash', '-c', fetch], { cwd: '/root' })
  for (const step of STEPS) await killedAt(host, install, step)
  const done = await host.exec(['bash', '-c', install], { cwd: '/root' })
  assert.match(recap(done.stdout) ?? '', /^ok=10 changed=\d unreachable=0 failed=0$/, done.stdout + done.stderr)
  assert.match(await host.run(['slapos', 'node']), /^watchdog +RUNNING +pid \d+, uptime /m)
  const again = await host.exec(['slapos', 'node', 'format', '--now', '--dry-run'])
  assert.equal(again.stdout, 'Nothing to do.\n')
  await host.run(['bash', '/root/slapos', '--uninstall', '--non-interactive'])
})

test('a Master that is away for two minutes is found again, and nothing was lost or restarted', { skip }, async () => {
  const [, two] = hosts
  assert.ok(two)
  await until(
    async () => performance.now() - away.since,
    (ms) => ms > 120_000,
    130_000,
  )
  assert.equal(urlOf(await master.ask('root away')), undefined)
  assert.deepEqual(await servicesOf(two), away.services)
  await two.heal()
  await answering(master, 'away', two)
  const now = await servicesOf(two)
  for (const [name, pid] of Object.entries(away.services)) assert.equal(now[name], pid, `${name} was restarted`)
})

test('installing again changes nothing', { skip }, async () => {
  for (const host of hosts) {
    const before = await servicesOf(host)
    const again = await host.exec(['bash', '/root/slapos', '--non-interactive'])
    assert.equal(recap(again.stdout), 'ok=10 changed=0 unreachable=0 failed=0', again.stdout + again.stderr)
    assert.deepEqual(await servicesOf(host), before)
  }
})

test('an upgrade replaces the agent and no service', { skip }, async () => {
  const [host] = hosts
  assert.ok(host)
  const before = await servicesOf(host)
  const agent = await agentOf(host)
  await upgradeBundle(bundle, '0.2.0')
  const fetched = async () => {
    await host.run(['wget', '-q', '--no-check-certificate', '-O', '/root/slapos', `https://${masterHost.ipv4}/slapos`])
    return await host.run(['grep', '^version=', '/root/slapos'])
  }
  while (!(await fetched()).includes('0.2.0')) await new Promise((resolve) => setTimeout(resolve, 100))
  const upgraded = await host.exec(['bash', '/root/slapos', '--non-interactive'])
  assert.equal(upgraded.code, 0, upgraded.stdout + upgraded.stderr)
  assert.match(await host.run(['readlink', '/opt/slapos/current']), /0\.2\.0-/)
  assert.ok(!['', agent].includes(await agentOf(host)))
  assert.deepEqual(await servicesOf(host), before)
})

test('uninstalling leaves no trace, and the Master is told or the person what to tell it', { skip }, async () => {
  for (const [index, host] of hosts.entries()) {
    const heal = index === 0 ? undefined : await host.blackhole({ ipv4: masterHost.ipv4 })
    const removed = await host.exec(['bash', '/root/slapos', '--uninstall', '--non-interactive'])
    await heal?.()
    assert.equal(removed.code, 0, removed.stdout + removed.stderr)
    const said =
      index === 0
        ? /The Master has closed COMP-\d, and keeps it for the \d instances? that (is|are) requested there\.$/m
        : /^the Master \S+ does not know that COMP-\d leaves: .* slapos master cert revoke COMP-\d$/m
    assert.match(removed.stdout, said)
    const left = [...(await filesOf(host)).difference(untouched.get(host) ?? new Set())]
    // What the account tools of Debian leave whoever uses them.
    const own = left.filter(
      (path) =>
        path !== '/root/slapos' && !/^\/etc\/(passwd|group|g?shadow|sub[ug]id)-$|^\/etc\/\.pwd\.lock$/.test(path),
    )
    assert.deepEqual(own, [])
    assert.doesNotMatch(await host.run(['cat', '/etc/passwd', '/etc/group']), /slap/)
    assert.equal((await host.run(['ip', '-o', '-4', 'address', 'show', 'dev', 'lo'])).trim().split('\n').length, 1)
    assert.doesNotMatch(await host.run(['ps', 'axo', 'args']), /s6-|slapgrid|opt\/slapos/)
  }
})
