import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, lchownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { lstat, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { systemClock } from '@slapos/base'
import type { FormattedComputer, FormattedPartition } from '@slapos/slap'
import { planFormat } from '../../format/plan.ts'
import { runStages, stagesOf } from '../../format/stages.ts'
import { eventually, isAlive } from '../../supervise/testing.ts'
import type { Host, HostStep } from '../host.ts'
import { Addresses } from './addresses.ts'
import { openSystemHost } from './system.ts'

const NAMESPACE = `slapos-test-${process.pid}`

describe('a node of its own users and addresses', { skip: process.getuid?.() !== 0 && 'needs root' }, () => {
  let base: string
  let host: Host & { close(): void }
  let remembered: readonly FormattedPartition[] = []
  const bystander = { file: '', directory: '' }

  before(async () => {
    base = await mkdtemp(join(tmpdir(), 'slapos-system-'))
    chmodSync(base, 0o755)
    mkdirSync(join(base, 'etc'))
    for (const name of ['passwd', 'group', 'shadow', 'gshadow']) writeFileSync(join(base, 'etc', name), '')
    copyFileSync('/etc/login.defs', join(base, 'etc/login.defs'))
    bystander.directory = join(base, 'root-only')
    mkdirSync(bystander.directory, { mode: 0o700 })
    bystander.file = join(bystander.directory, 'secret')
    writeFileSync(bystander.file, 'precious')
    ip('netns', 'add', NAMESPACE)
    ip('-n', NAMESPACE, 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1')
    for (const device of ['lo', 'v0', 'v1']) ip('-n', NAMESPACE, 'link', 'set', device, 'up')
    ip('-n', NAMESPACE, 'address', 'add', 'fc01::1/32', 'dev', 'v0')
    host = openSystemHost({
      paths: {
        configuration: join(base, 'slapos.cfg'),
        software: join(base, 'software'),
        instances: join(base, 'instances'),
        logs: join(base, 'log'),
        state: join(base, 'state'),
        runtime: join(base, 'runtime'),
        computerXml: join(base, 'slapos.xml'),
      },
      interface: 'lo',
      ipv6Interface: 'v0',
      ipv4Network: '10.0.0.0/16',
      log: () => {},
      // Numbers that nobody has on a usual machine: the helper ends all processes of a user.
      accounts: { prefix: base, range: [47_100, 47_299] },
      ip: ['ip', '-n', NAMESPACE],
      allowRanges: async () => true,
    })
  })
  after(async () => {
    host.close()
    ip('netns', 'del', NAMESPACE)
    await rm(base, { recursive: true, force: true })
  })

  const roots = () =>
    [host.paths.instances, host.paths.software].map((path) => ({ kind: 'root-directory', path, mode: 0o755 }) as const)
  const assigned = (count: number) =>
    host.assign({
      count,
      partitionBase: 'slappart',
      userBase: 'slapuser',
      softwareUser: 'slapsoft',
      tapBase: 't',
      ipv6PrefixShift: 16,
      remembered,
    })
  async function planOf(count: number, before: readonly FormattedPartition[] = []): Promise<readonly HostStep[]> {
    const { partitions, address, netmask, temporary } = await assigned(count)
    remembered = partitions
    const computer: FormattedComputer = {
      reference: 'COMP-1',
      address,
      netmask,
      partition_list: partitions,
      instance_root: host.paths.instances,
      software_root: host.paths.software,
      software_user: 'slapsoft',
      instance_storage_home: '',
      interface: { name: 'lo', ipv4_local_network: '10.0.0.0/16', ipv6_interface: 'v0', ipv6_prefixshift: 16 },
      ipv6_interface: 'v0',
      tap_gateway_interface: '',
      tap_ipv6: false,
      partition_has_ipv6_range: false,
      os_type: '[]',
      public_ipv4_address: null,
      python_version: '',
      slapos_version: '',
    }
    const wish = { computer, rootDirectories: roots(), remembered: before, temporary, busy: new Set<string>() }
    return planFormat(wish, await host.inspect(partitions, roots()))
  }
  const ranges = () => ip('-n', NAMESPACE, '-6', 'route', 'show', 'table', 'local', 'type', 'local', 'dev', 'lo')
  const path = (...names: string[]) => join(host.paths.instances, ...names)
  /** What the partition's user does behind our back. */
  const asUser = async (partition: string, script: string) => {
    const { uid, gid } = await stat(path(partition))
    const drop = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--']
    return execFileSync('setpriv', [...drop, 'sh', '-c', `cd ${path(partition)} && ${script}`], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
  }

  test('format makes users, directories and addresses, then has nothing left to do', async () => {
    for (const step of await planOf(2)) await host.execute(step)
    assert.deepEqual(await planOf(2), [])
    const [zero, one] = [await stat(path('slappart0')), await stat(path('slappart1'))]
    assert.equal(zero.mode & 0o7777, 0o750)
    assert.notEqual(zero.uid, one.uid)
    assert.notEqual(zero.gid, one.gid)
    assert.match(await readFile(join(base, 'etc/shadow'), 'utf8'), /^slapuser0:!/m)
    assert.match(await readFile(join(base, 'etc/group'), 'utf8'), /^slapuser0:x:\d+:$/m)
    const shown = ip('-n', NAMESPACE, '-o', 'address')
    for (const address of ['10.0.0.2/32', '10.0.0.3/32', 'fc01::2/32', 'fc01::3/32']) assert.ok(shown.includes(address))
    assert.ok(!shown.includes('tentative'))
    for (const range of ['fc01:0:4001::/48', 'fc01:0:4002::/48']) assert.ok(ranges().includes(range))
    assert.deepEqual(JSON.parse(await readFile(path('slappart0/.slapos-resource'), 'utf8')).reference, 'slappart0')
    assert.equal((await stat(path('slappart0/.slapos-resource'))).uid, zero.uid)
    assert.deepEqual(await host.runAs('slappart0'), { kind: 'user', uid: zero.uid, gid: zero.gid, groups: [] })
  })

  test('an address that was lost comes back, a mode that was changed too', async () => {
    ip('-n', NAMESPACE, 'address', 'del', 'fc01::3/32', 'dev', 'v0')
    ip('-n', NAMESPACE, '-6', 'route', 'del', 'local', 'fc01:0:4002::/48', 'dev', 'lo')
    chmodSync(path('slappart0'), 0o777)
    const steps = await planOf(2)
    assert.deepEqual(
      steps.map(({ kind }) => kind).filter((kind) => kind !== 'resource'),
      ['partition-directory', 'address', 'range'],
    )
    for (const step of steps) await host.execute(step)
    assert.deepEqual(await planOf(2), [])
  })

  test('agent and format may add the same address at one time', async () => {
    const step = { kind: 'address', interface: 'v0', address: 'fc01::77', prefixLength: 32, partition: 'x' } as const
    const other = new Addresses(['ip', '-n', NAMESPACE], systemClock)
    const both = [host.execute(step), other.add('v0', 'fc01::77', 32), other.add('v0', 'fc01::77', 32)]
    await Promise.all(both)
    await host.execute({ kind: 'release-address', interface: 'v0', address: 'fc01::77', prefixLength: 32 })
  })

  test('an address that another machine has is an error, and is not kept', async () => {
    ip('-n', NAMESPACE, 'address', 'add', 'fc01::99/32', 'dev', 'v1', 'nodad')
    const step = { kind: 'address', interface: 'v0', address: 'fc01::99', prefixLength: 32, partition: 'x' } as const
    await assert.rejects(host.execute(step), { code: 'HOST_STEP', message: /another machine has this address/ })
    assert.equal(ip('-n', NAMESPACE, '-o', 'address', 'show', 'dev', 'v0').includes('fc01::99'), false)
  })

  test('files are those of the user, and partitions cannot read each other', async () => {
    const file = { path: 'etc/a/secret', content: 'mine', mode: 0o640 }
    assert.deepEqual(await host.files('slappart0', { remove: [], directories: [], files: [file] }), {
      removed: 0,
      written: 1,
    })
    const { uid } = await stat(path('slappart0'))
    assert.equal((await stat(path('slappart0/etc/a/secret'))).uid, uid)
    await assert.rejects(asUser('slappart1', `cat ${path('slappart0/etc/a/secret')}`), /Permission denied/)
    await assert.rejects(asUser('slappart1', `ls ${path('slappart0')}`), /Permission denied/)
  })

  test('links that a partition plants lead nowhere', async () => {
    const file = (name: string) => ({
      remove: [],
      directories: [],
      files: [{ path: name, content: 'evil', mode: 0o644 }],
    })
    await asUser(
      'slappart0',
      `ln -s ${bystander.directory} out; ln -s ${bystander.file} link; ln -s /etc/passwd .slapos-x`,
    )
    for (const name of ['out/secret', 'link', '../slappart1/x', '/etc/x']) {
      await assert.rejects(host.files('slappart0', file(name)), { code: 'UNSAFE_PATH' }, name)
    }
    // Even where no rule of ours would stop it, it is not root who writes.
    await asUser('slappart0', `mkdir -p swap && rmdir swap && ln -s ${path('slappart1')} swap`)
    await assert.rejects(host.files('slappart0', file('swap/x')))
    assert.equal(await readFile(bystander.file, 'utf8'), 'precious')
    await asUser('slappart0', 'rm .slapos-resource && mkfifo .slapos-resource')
    const { partitions } = await assigned(1)
    const facts = await host.inspect(partitions, [])
    assert.equal(facts.partitions['slappart0']?.resource, undefined)
    await asUser('slappart0', `rm .slapos-resource && ln -s ${path('slappart0/etc/a/secret')} .slapos-resource`)
    assert.equal((await host.inspect(partitions, [])).partitions['slappart0']?.resource, undefined)
    await asUser('slappart0', 'rm .slapos-resource')
  })

  test('names that change while root works lead nowhere', async () => {
    const { uid, gid } = await stat(path('slappart0'))
    const swapping = `cd ${path('slappart0')} && while :; do
      mkdir d; mv d e; rm -rf e; ln -s ${bystander.directory} d; mv d e; rm -rf e
      ln -s ${bystander.file} .slapos-resource; rm -f .slapos-resource; done`
    const drop = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--']
    const swapper = spawn('setpriv', [...drop, 'sh', '-c', swapping], { stdio: 'ignore', detached: true })
    const { partitions } = await assigned(1)
    const [partition] = partitions
    assert.ok(partition)
    const evil = { path: 'd/secret', content: 'evil', mode: 0o666 }
    const directory = { path: 'd', mode: 0o777 }
    for (let round = 0; round < 8; round++) {
      const works = [
        host.files('slappart0', { remove: ['d/secret'], directories: [directory], files: [evil] }),
        host.execute({ kind: 'resource', partition }),
        host.execute({ kind: 'partition-directory', partition }),
        host.inspect(partitions, []),
      ]
      await Promise.allSettled(works)
    }
    process.kill(-(swapper.pid ?? 0), 'SIGKILL')
    assert.equal(await readFile(bystander.file, 'utf8'), 'precious')
    const untouched = await stat(bystander.directory)
    assert.deepEqual([untouched.uid, untouched.mode & 0o777], [0, 0o700])
    await host.wipe('slappart0')
    // A link that stayed there is replaced: no partition can make `format` fail for ever.
    await asUser('slappart0', `rm -f .slapos-resource && ln -s ${bystander.file} .slapos-resource`)
    await host.execute({ kind: 'resource', partition })
    assert.ok((await lstat(path('slappart0/.slapos-resource'))).isFile())
    assert.equal(await readFile(bystander.file, 'utf8'), 'precious')
    await asUser('slappart0', 'rm .slapos-resource')
  })

  test('wiping follows no link, opens what is closed, and ends what still runs', async () => {
    await asUser(
      'slappart0',
      `mkdir -p deep/er && touch deep/er/x && chmod 0 deep/er && ln -s ${bystander.directory} deep/out`,
    )
    const { uid, gid } = await stat(path('slappart0'))
    const escaped = spawn('setpriv', [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', 'sleep', '1000'], {
      stdio: 'ignore',
    })
    const running = async () => (await readFile(`/proc/${escaped.pid}/comm`, 'utf8')) === 'sleep\n'
    await eventually('it runs as that user', running)
    await host.files('slappart1', {
      remove: [],
      directories: [],
      files: [{ path: 'other', content: 'x', mode: 0o600 }],
    })
    await host.wipe('slappart0')
    assert.deepEqual(await readdir(path('slappart0')), [])
    assert.equal((await stat(path('slappart0'))).mode & 0o7777, 0o750)
    assert.equal(await readFile(bystander.file, 'utf8'), 'precious')
    await eventually('its processes are gone', async () => !(await isAlive(escaped.pid ?? 0)))
    assert.ok(existsSync(path('slappart1/other')))
  })

  test('a partition that is removed leaves no directory and no address', async () => {
    const { partitions } = await assigned(2)
    const [, partition] = partitions
    assert.ok(partition)
    await host.execute({ kind: 'remove-partition', partition })
    assert.deepEqual(await readdir(host.paths.instances), ['slappart0'])
    assert.equal(ip('-n', NAMESPACE, '-o', 'address').includes('fc01::3/'), false)
    assert.equal(ranges().includes('fc01:0:4002::/48'), false)
    assert.equal(await host.exists('slappart1'), false)
    await assert.rejects(host.files('slappart1', { remove: [], directories: [], files: [] }), {
      code: 'PARTITION_MISSING',
    })
  })

  test('a machine without IPv6 takes a prefix for a while, and gives it back when a real one comes', async () => {
    ip('-n', NAMESPACE, 'address', 'flush', 'dev', 'v0', 'scope', 'global')
    const first = await assigned(1)
    assert.deepEqual(first.temporary?.wanted, true)
    assert.equal(first.partitions[0]?.address_list[1]?.addr, 'fc01::2')
    for (const step of await planOf(1, first.partitions)) await host.execute(step)
    assert.ok(ip('-n', NAMESPACE, '-o', 'address').includes('fc01::1/32'))
    assert.deepEqual(await planOf(1, first.partitions), [])
    ip('-n', NAMESPACE, 'address', 'add', '2001:db8:5::1/64', 'dev', 'v0', 'nodad')
    for (const step of await planOf(1, first.partitions)) await host.execute(step)
    const shown = ip('-n', NAMESPACE, '-o', 'address', 'show', 'dev', 'v0')
    assert.ok(shown.includes('2001:db8:5::2/64') && !shown.includes('fc01::'), shown)
    assert.ok(ranges().includes('2001:db8:5:0:4001::/80') && !ranges().includes('fc01:'), ranges())
    assert.deepEqual(await planOf(1, first.partitions), [])
  })

  test('addresses are found again when the memory of the last format is lost', async () => {
    const { partitions } = await assigned(1)
    const other = partitions.map((partition) => ({ ...partition, address_list: [{ addr: '10.0.77.7', netmask: '' }] }))
    const [partition] = other
    assert.ok(partition)
    await host.execute({ kind: 'resource', partition })
    const recalled = await host.recall(['slappart0', 'slappart5'])
    assert.deepEqual(recalled, [{ reference: 'slappart0', address_list: [{ addr: '10.0.77.7', netmask: '' }] }])
    remembered = []
    const request = {
      count: 2,
      partitionBase: 'slappart',
      userBase: 'slapuser',
      softwareUser: 'slapsoft',
      tapBase: 't',
    }
    const again = await host.assign({ ...request, remembered: recalled })
    assert.equal(again.partitions[0]?.address_list[0]?.addr, '10.0.77.7')
    // One that claims what is another's gets nothing by it.
    const thief = { reference: 'slappart1', address_list: [{ addr: '10.0.77.7', netmask: '' }] }
    const both = await host.assign({ ...request, remembered: [...recalled, thief] })
    assert.deepEqual(
      both.partitions.map(({ address_list }) => address_list[0]?.addr),
      ['10.0.0.2', '10.0.0.3'],
    )
    await asUser('slappart0', 'echo "[]" > .slapos-resource')
    assert.deepEqual(await host.recall(['slappart0']), [])
  })

  test('a hundred partitions take seconds', async () => {
    const began = performance.now()
    assert.deepEqual(await runStages(stagesOf(await planOf(100)), host.execute, () => {}), [])
    // Seconds on a quiet machine; with a fixed sleep for each address, as classic nodes have, it would be 400.
    assert.ok(performance.now() - began < 60_000)
    assert.deepEqual(await planOf(100), [])
  })

  test('a partition of root, or in a directory where others may write, is none', async () => {
    mkdirSync(path('slappart207'))
    await assert.rejects(host.runAs('slappart207'), { code: 'PARTITION_MISSING' })
    symlinkSync(bystander.directory, path('slappart208'))
    lchownSync(path('slappart208'), 47_150, 47_150)
    await assert.rejects(
      host.wipe('slappart208').then(() => host.runAs('slappart208')),
      { code: 'PARTITION_MISSING' },
    )
    chmodSync(host.paths.instances, 0o777)
    await assert.rejects(host.runAs('slappart0'), { code: 'HOST_STEP' })
    chmodSync(host.paths.instances, 0o755)
    assert.equal(await readFile(bystander.file, 'utf8'), 'precious')
  })
})

function ip(...args: readonly string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8' })
}
