/** A node on a machine that a real systemd rules: what the installer's units do when something dies, and at a restart. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import {
  bootSystemd,
  createLab,
  type Host,
  type Lab,
  labUnavailable,
  type SystemdMachine,
  systemdUnavailable,
} from '../src/net/index.ts'
import { makeBundle, upgradeBundle } from './bundles.ts'
import { until } from './command-master.ts'
import { agentOf, answering, computerOf, filesOf, recap, servicesOf, wish } from './installed-node.ts'
import { type LabMaster, startLabMaster } from './lab-master.ts'

// The tests of this file are one story on the same machine, told in order.
const lacking = labUnavailable() ?? systemdUnavailable()
const UNITS = ['slapos-services.service', 'slapos-node.service']

let lab: Lab | undefined
let bundle = ''
let masterHost: Host
let master: LabMaster
let host: Host
let machine: SystemdMachine
let untouched: Awaited<ReturnType<typeof traces>>
let refused = lacking

before(async () => {
  if (refused) return
  lab = await createLab()
  host = await lab.addHost({ name: 'node' })
  const booted = await bootSystemd(host)
  if (typeof booted === 'string') {
    refused = booted
    return
  }
  machine = booted
  bundle = await makeBundle()
  masterHost = await lab.addHost({ name: 'master', files: 'machine' })
  master = await startLabMaster(masterHost, bundle)
})

after(async () => {
  await machine?.off()
  await lab?.close()
  if (bundle !== '') await rm(bundle, { recursive: true, force: true })
})

const step = (name: string, act: () => Promise<void>) =>
  test(name, { skip: lacking ?? false }, async (t) => (refused ? t.skip(refused) : act()))

/** All that an installation could leave somewhere. */
async function traces() {
  const said = async (...argv: string[]) => (await machine.run(argv)).split('\n').filter((line) => line !== '')
  return {
    files: await filesOf(machine),
    users: new Set(await said('cut', '-d:', '-f1', '/etc/passwd', '/etc/group')),
    units: new Set(
      await said('sh', '-c', 'systemctl list-unit-files --no-legend --no-pager; systemctl --failed --no-legend'),
    ),
    addresses: new Set(
      await said(
        'sh',
        '-c',
        "ip -o address show | awk '{ print $2, $4 }'; ip -o -6 route show table all | grep -v cache",
      ),
    ),
    rules: new Set(await said('sh', '-c', 'nft list ruleset; true')),
    groups: new Set(await said('sh', '-c', 'cd /sys/fs/cgroup && find . -maxdepth 1 -type d')),
    programs: new Set(await said('ps', 'axo', 'comm=')),
  }
}

const mainPid = async (unit: string) => (await machine.run(['systemctl', 'show', '-P', 'MainPID', unit])).trim()
const active = async () => (await machine.exec(['systemctl', 'is-active', ...UNITS])).stdout.trim().split('\n')

step('the one line installs, and both units run and are enabled', async () => {
  untouched = await traces()
  const line = String(await master.ask('join node'))
  const installed = await machine.exec(['bash', '-c', line], { cwd: '/root' })
  assert.equal(installed.code, 0, installed.stdout + installed.stderr)
  // The unit has formatted it already.
  assert.equal(recap(installed.stdout), 'ok=10 changed=6 unreachable=0 failed=0')
  assert.deepEqual(await active(), ['active', 'active'])
  assert.equal(await machine.run(['systemctl', 'is-enabled', ...UNITS]), 'enabled\nenabled\n')
  assert.equal((await machine.exec(['systemctl', 'is-system-running'])).stdout, 'running\n')
  const judged = await machine.exec([
    'systemd-analyze',
    'verify',
    ...UNITS.map((unit) => `/etc/systemd/system/${unit}`),
  ])
  assert.deepEqual({ code: judged.code, said: judged.stdout + judged.stderr }, { code: 0, said: '' })
  const limits = await machine.run(['systemctl', 'show', '-P', 'StartLimitIntervalUSec', ...UNITS])
  assert.deepEqual(limits.match(/\S+/g), ['0', '0'], 'they are tried for ever')
  const computer = await computerOf(machine)
  await master.ask(`supply ${computer}`)
  await wish(master, 'first', computer)
  await answering(master, 'first', machine)
})

step('the death or restart of the agent stops no service', async () => {
  const before = await servicesOf(machine)
  assert.ok(Object.keys(before).length > 0)
  const agent = await agentOf(machine)
  assert.match(agent, /^[1-9]/)
  assert.equal(agent, await mainPid('slapos-node'))
  await machine.run(['kill', '-9', agent])
  await until(
    () => agentOf(machine),
    (pid) => !['', agent].includes(pid),
  )
  assert.deepEqual(await servicesOf(machine), before)
  await machine.run(['systemctl', 'restart', 'slapos-node'])
  await machine.run(['systemctl', 'stop', 'slapos-node'])
  assert.deepEqual(await servicesOf(machine), before)
  await machine.run(['systemctl', 'start', 'slapos-node'])
  await until(
    () => agentOf(machine),
    (pid) => pid !== '',
  )
  assert.deepEqual(await servicesOf(machine), before)
})

step('the death of the scanner stops no service, and systemd brings it back', async () => {
  const before = await servicesOf(machine)
  const scanner = await mainPid('slapos-services')
  assert.match(scanner, /^[1-9]/)
  await machine.run(['kill', '-9', scanner])
  await until(
    () => mainPid('slapos-services'),
    (pid) => !['0', scanner].includes(pid),
  )
  assert.deepEqual(await active(), ['active', 'active'])
  assert.deepEqual(await servicesOf(machine), before)
})

step('an administrator stops everything by its two units, and starts it again', async () => {
  const names = Object.keys(await servicesOf(machine)).sort()
  const left = async () => (await machine.exec(['ps', '-o', 'args=', '-u', 'slapuser0,slaposlog'])).stdout
  assert.notEqual(await left(), '')
  await machine.run(['systemctl', 'stop', 'slapos-node'])
  await machine.run(['systemctl', 'stop', 'slapos-services'])
  await until(left, (text) => text === '', 30_000)
  assert.deepEqual(await active(), ['inactive', 'inactive'])
  await machine.run(['systemctl', 'start', 'slapos-node'])
  await until(
    async () => Object.keys(await servicesOf(machine)).sort(),
    (now) => now.join() === names.join(),
  )
  assert.deepEqual(await active(), ['active', 'active'])
  await answering(master, 'first', machine)
})

step('a scanner that somebody else started is respected, and followed', async () => {
  await machine.run(['systemctl', 'stop', 'slapos-node', 'slapos-services'])
  await machine.run(['sh', '-c', 'setsid -f env -i /var/opt/slapos/supervise/start-scanner > /dev/null 2>&1'])
  const count = Object.keys(
    await until(
      () => servicesOf(machine),
      (now) => Object.keys(now).length > 0,
    ),
  ).length
  assert.ok(count > 0)
  const before = await servicesOf(machine)
  await machine.run(['systemctl', 'start', 'slapos-node', 'slapos-services'])
  await until(
    () => agentOf(machine),
    (pid) => pid !== '',
  )
  const [scanner] = (await machine.run(['pgrep', '-x', 's6-svscan'])).trim().split('\n')
  assert.notEqual(await mainPid('slapos-services'), scanner)
  await machine.run(['kill', '-9', scanner ?? 'none'])
  await until(
    async () => [await mainPid('slapos-services'), (await machine.exec(['pgrep', '-x', 's6-svscan'])).stdout.trim()],
    ([unit, running]) => unit !== '' && unit === running,
  )
  assert.deepEqual(await servicesOf(machine), before)
  assert.deepEqual(await active(), ['active', 'active'])
})

step('installing again changes nothing, and an upgrade replaces the agent and no service', async () => {
  const before = await servicesOf(machine)
  const again = await machine.exec(['bash', '/root/slapos', '--non-interactive'])
  assert.equal(recap(again.stdout), 'ok=10 changed=0 unreachable=0 failed=0', again.stdout + again.stderr)
  const agent = await agentOf(machine)
  await upgradeBundle(bundle, '0.2.0')
  const fetch = ['wget', '-q', '--no-check-certificate', '-O', '/root/slapos', `https://${masterHost.ipv4}/slapos`]
  await until(
    async () => (await machine.run(fetch)) + (await machine.run(['grep', '^version=', '/root/slapos'])),
    (version) => version.includes('0.2.0'),
  )
  const upgraded = await machine.exec(['bash', '/root/slapos', '--non-interactive'])
  assert.equal(upgraded.code, 0, upgraded.stdout + upgraded.stderr)
  assert.match(await machine.run(['readlink', '/opt/slapos/current']), /0\.2\.0-/)
  assert.ok(!['', agent].includes(await agentOf(machine)))
  assert.deepEqual(await servicesOf(machine), before)
})

step('after a restart of the machine addresses, services and agent are back without the Master', async () => {
  const before = await servicesOf(machine)
  const addresses = async () => [...(await traces()).addresses].sort()
  const former = await addresses()
  await host.blackhole({ ipv4: masterHost.ipv4 })
  await machine.restart()
  const services = await until(
    () => servicesOf(machine),
    (now) => Object.keys(now).length === Object.keys(before).length,
  )
  assert.deepEqual(Object.keys(services).sort(), Object.keys(before).sort())
  await answering(master, 'first', machine)
  await until(
    () => agentOf(machine),
    (pid) => pid !== '',
  )
  assert.deepEqual(await addresses(), former)
  assert.deepEqual(await active(), ['active', 'active'])
  await host.heal()
  await wish(master, 'second', await computerOf(machine))
  await answering(master, 'second', machine)
  const now = await servicesOf(machine)
  for (const [name, pid] of Object.entries(services)) assert.equal(now[name], pid, `${name} was started twice`)
})

step('uninstalling leaves no trace', async () => {
  const removed = await machine.exec(['bash', '/root/slapos', '--uninstall', '--non-interactive'])
  assert.equal(removed.code, 0, removed.stdout + removed.stderr)
  const now = await traces()
  const { files, ...others } = now
  for (const [kind, found] of Object.entries(others)) {
    const before: ReadonlySet<string> = new Map(Object.entries(untouched)).get(kind) ?? new Set()
    assert.deepEqual([...found.difference(before)], [], kind)
  }
  // What the account tools of Debian leave whoever uses them, the journal, and the script itself.
  const known =
    /^\/root\/slapos$|^\/etc\/(passwd|group|g?shadow|sub[ug]id)-$|^\/etc\/\.pwd\.lock$|^\/(var\/log\/journal|run\/log|run\/systemd|tmp\/systemd-private|var\/tmp\/systemd-private)/
  assert.deepEqual(
    [...files.difference(untouched.files)].filter((path) => !known.test(path)),
    [],
  )
})
