/** A node that root rules, from its installation on: a fresh machine of the lab, a real Master, real users. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { createLab, type Host, type Lab, labUnavailable } from '@slapos/testkit/net/index.ts'
import { makeBundle } from '../../../testkit/test/bundles.ts'
import { until } from '../../../testkit/test/command-master.ts'
import { answering, computerOf, wish } from '../../../testkit/test/installed-node.ts'
import { type LabMaster, startLabMaster } from '../../../testkit/test/lab-master.ts'

// The tests of this file are one story on the same machine, told in order.
const skip = labUnavailable() ?? false
const PARTITION = '/srv/slapgrid/slappart'

let lab: Lab
let bundle: string
let masterHost: Host
let master: LabMaster
let node: Host
let computer = ''

before(async () => {
  if (skip) return
  bundle = await makeBundle()
  lab = await createLab()
  masterHost = await lab.addHost({ name: 'master', files: 'machine' })
  node = await lab.addHost({ name: 'node' })
  master = await startLabMaster(masterHost, bundle)
  const installed = await node.exec(['bash', '-c', String(await master.ask('join node'))], { cwd: '/root' })
  assert.equal(installed.code, 0, installed.stdout + installed.stderr)
  computer = await computerOf(node)
})

after(async () => {
  if (skip) return
  await lab.close()
  await rm(bundle, { recursive: true, force: true })
})

/** Process number of the running services of a partition. */
async function pids(partition: number): Promise<readonly string[]> {
  const lines = (await node.exec(['slapos', 'node'])).stdout.split('\n')
  return lines.flatMap((line) => new RegExp(`^slappart${partition}:\\S+ +RUNNING +pid (\\d+)`).exec(line)?.[1] ?? [])
}

/** What the user of a partition can do by hand. */
const as = (partition: number, script: string) =>
  node.exec([
    'setpriv',
    `--reuid=slapuser${partition}`,
    `--regid=slapuser${partition}`,
    '--clear-groups',
    'sh',
    '-c',
    script,
  ])

test('services run as the user of their partition, loggers as the log user', { skip }, async () => {
  await master.ask(`supply ${computer}`)
  for (const title of ['one', 'two']) {
    await wish(master, title, computer)
    await answering(master, title, node)
  }
  for (const partition of [0, 1]) {
    const running = await pids(partition)
    assert.ok(running.length > 0)
    for (const pid of running) {
      const user = await node.run(['ps', '-o', 'user=', '-p', pid])
      assert.equal(user.trim(), `slapuser${partition}`)
      assert.match(await node.run(['cat', `/proc/${pid}/status`]), /^CapEff:\s0+$/m)
    }
    assert.equal(
      (await node.run(['stat', '-c', '%U %a', `${PARTITION}${partition}`])).trim(),
      `slapuser${partition} 750`,
    )
  }
  const loggers = (await node.run(['ps', '-o', 'user=', '-C', 's6-log'])).trim().split(/\s+/)
  assert.deepEqual([...new Set(loggers)], ['slaposlog'])
})

test('a built release belongs to root, and nobody else may change it or what is beside it', { skip }, async () => {
  const foreign = await node.run([
    'find',
    '/opt/slapgrid',
    '!',
    '-user',
    'root',
    '-o',
    '-perm',
    '/022',
    '!',
    '-type',
    'l',
  ])
  assert.equal(foreign, '')
})

test('partitions cannot read each other, the node, or signal each other', { skip }, async () => {
  const [victim] = await pids(1)
  assert.ok(victim)
  await node.run([
    'setpriv',
    '--reuid=slapuser1',
    '--regid=slapuser1',
    '--clear-groups',
    'sh',
    '-c',
    `umask 0; echo secret > ${PARTITION}1/open`,
  ])
  for (const attempt of [
    `ls ${PARTITION}1`,
    `cat ${PARTITION}1/open`,
    `kill -0 ${victim}`,
    `cat /proc/${victim}/environ`,
    `cat /etc/opt/slapos/ssl/key`,
    `cat /var/opt/slapos/desired.json`,
    `cat /var/opt/slapos/supervise/services/slappart1:*/launch`,
    `cat /var/opt/slapos/supervise/logs/slappart1:*/current`,
    `cat /var/opt/slapos/partitions/*`,
    `cat /opt/slapos/log/slapos-node-instance.log`,
    `ls /var/opt/slapos/controller/slappart1`,
    `socat -u OPEN:/dev/null UNIX-CONNECT:/var/opt/slapos/control.sock`,
    `kill -9 $(pgrep -o s6-svscan)`,
    `echo 1 > /proc/${victim}/oom_score_adj`,
    `ln /etc/opt/slapos/ssl/key ${PARTITION}0/key`,
    `mv ${PARTITION}0 ${PARTITION}x`,
    `rmdir ${PARTITION}0`,
    `touch /opt/slapgrid/x`,
    `touch /srv/slapgrid/x`,
  ]) {
    const { code, stdout } = await as(0, attempt)
    assert.notEqual(code, 0, `${attempt} succeeded: ${stdout}`)
  }
  assert.equal((await as(1, `cat ${PARTITION}1/open && kill -0 ${victim}`)).code, 0)
})

/** Whether a partition's user can listen there. */
const listens = async (partition: number, address: string) => {
  const program = `require('net').createServer().listen(8443, '${address}', () => process.exit(0)).on('error', () => process.exit(1))`
  return (await as(partition, `exec /opt/slapos/runtime/node-*/bin/node -e "${program}"`)).code === 0
}

test('every address of its IPv6 range is a partition’s to use, without adding it', { skip }, async () => {
  assert.match(await node.run(['cat', `${PARTITION}0/.slapos-resource`]), /"network": "fc01:0:4001::\/48"/)
  assert.equal(await listens(0, 'fc01:0:4001::1:2:3'), true)
})

test('partitions that are added stay, whatever the running agent knows of the configuration', { skip }, async () => {
  const format = () => node.exec(['slapos', 'node', 'format', '--now'])
  await node.run(['sed', '-i', 's/^partition_amount = .*/partition_amount = 12/', '/etc/opt/slapos/slapos.cfg'])
  const grown = await format()
  assert.equal(grown.code, 0, grown.stderr)
  assert.match(grown.stderr, /INFO Adding 2 new partitions$/m)
  // An address that comes makes the agent look at its prefix; it is none that replaces the temporary one.
  await node.run(['ip', 'address', 'add', 'fc01::77/32', 'dev', 'lo'])
  await node.run(['ip', 'address', 'del', 'fc01::77/32', 'dev', 'lo'])
  const again = await format()
  assert.deepEqual(
    { code: again.code, lines: again.stderr.trim().split('\n').length },
    { code: 0, lines: 3 },
    again.stderr,
  )
})

test('a prefix that a mesh brings replaces the temporary one, by itself', { skip }, async () => {
  const addresses = () => node.run(['ip', '-6', '-o', 'address', 'show', 'dev', 'lo'])
  assert.match(await addresses(), / fc01::2\/32 /)
  await node.run(['ip', 'address', 'add', '2001:db8:5::1/64', 'dev', 'lo'])
  await until(addresses, (text) => text.includes(' 2001:db8:5::2/64 ') && !text.includes(' fc01:'))
  const resource = () => node.run(['cat', `${PARTITION}0/.slapos-resource`])
  await until(resource, (text) => text.includes('"2001:db8:5::2"'))
  await until(
    () => node.run(['cat', `${PARTITION}11/.slapos-resource`]),
    (text) => text.includes('"2001:db8:5::d"'),
  )
  assert.match(await resource(), /"network": "2001:db8:5:0:4001::\/80"/)
  assert.equal(await listens(0, '2001:db8:5:0:4001::7'), true)
  assert.doesNotMatch(await node.run(['ip', '-6', 'route', 'show', 'table', 'local']), /fc01:/)
  // The Master knows.
  await until(
    () => node.run(['cat', '/var/opt/slapos/desired.json']),
    (text) => text.includes('2001:db8:5::2') && !text.includes('fc01::2'),
  )
})

test('partitions go when they are free, and the node stays as it is when they are not', { skip }, async () => {
  const format = async (amount: number) => {
    const line = `s/^partition_amount = .*/partition_amount = ${amount}/`
    await node.run(['sed', '-i', line, '/etc/opt/slapos/slapos.cfg'])
    return node.exec(['slapos', 'node', 'format', '--now'])
  }
  const running = async () => [...(await pids(0)), ...(await pids(1))]
  const before = await running()
  const refused = await format(1)
  assert.equal(refused.code, 1)
  const lines = refused.stderr.trim().split('\n')
  assert.match(lines.at(-2) ?? '', / ERROR Requested amount of computer partitions \(1\) .* slappart1 is not free/)
  assert.match(lines.at(-1) ?? '', / ERROR slapos failed to prepare the computer\.$/)
  assert.equal((await node.run(['ls', '/srv/slapgrid'])).trim().split('\n').length, 12)

  const shrunk = await format(2)
  assert.equal(shrunk.code, 0, shrunk.stderr)
  assert.match(shrunk.stderr, / INFO Removing 10 partitions$/m)
  assert.equal(await node.run(['ls', '-A', '/srv/slapgrid']), 'slappart0\nslappart1\n')
  const addresses = await node.run(['ip', '-o', 'address', 'show', 'dev', 'lo'])
  assert.deepEqual(addresses.match(/10\.0\.0\.\d+/g), ['10.0.0.2', '10.0.0.3'])
  const ranges = await node.run(['ip', '-6', 'route', 'show', 'table', 'local', 'type', 'local', 'dev', 'lo'])
  assert.equal(ranges.match(/\/80/g)?.length, 2)
  assert.deepEqual(await running(), before)
})

test('after a restart of the machine the addresses are back, without the Master', { skip }, async () => {
  await node.blackhole({ ipv4: masterHost.ipv4 })
  await node.run(['ip', '-4', 'address', 'flush', 'dev', 'lo', 'to', '10.0.0.0/16'])
  const booted = await node.exec(['slapos', 'node', 'boot'])
  // It is prepared, and the Master need not know at once.
  assert.equal(booted.code, 0, booted.stdout + booted.stderr)
  assert.match(await node.run(['ip', '-o', '-4', 'address', 'show', 'dev', 'lo']), /10\.0\.0\.2\/32/)
  await node.heal()
})
