import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { findCgroups, removeGroups } from './cgroups.ts'
import { CONTROLLERS, type ControllerPlaces, findControllers, limitFiles } from './limit-groups.ts'
import { bothLimits } from './limits.ts'
import { type Bench, eventually, openBench, service } from './testing.ts'

test('of two limits the smaller one holds', () => {
  assert.deepEqual(bothLimits({ processes: 10, cpus: 2 }, { processes: 20, memoryBytes: 5 }), {
    ...{ processes: 10, cpus: 2, memoryBytes: 5 },
  })
  assert.deepEqual(bothLimits({}, {}), {})
})

test('what is not limited is said to be free', () => {
  const limits = { memoryBytes: 1024, cpus: 0.25 }
  assert.deepEqual(
    CONTROLLERS.flatMap((controller) => limitFiles(controller, 2, limits)),
    [
      ['memory.max', '1024'],
      ['pids.max', 'max'],
      ['cpu.max', '25000 100000'],
    ],
  )
  assert.deepEqual(
    CONTROLLERS.flatMap((controller) => limitFiles(controller, 1, {})),
    [
      ['memory.limit_in_bytes', '-1'],
      ['pids.max', 'max'],
      ['cpu.cfs_period_us', '100000'],
      ['cpu.cfs_quota_us', '-1'],
    ],
  )
})

const all = await controllersHere()
describe('limits of a partition', {
  skip: all ? false : 'needs root and the cgroup controllers memory, pids and cpu',
}, () => {
  let bench: Bench
  let places: ControllerPlaces
  before(async () => {
    bench = await openBench()
    places = await findControllers(join(bench.directory), await findCgroups(bench.directory))
  })
  after(() => bench?.end())

  const file = (controller: (typeof CONTROLLERS)[number], name: string, partition = 'slappart0') =>
    join(places[controller]?.directory ?? '', partition, name)
  const forks = 'for n in $(seq 60); do sleep 1000 & done; echo forked; exec sleep 1000'
  const sleepers = async () => (await bench.marked()).length

  test('a fork bomb ends at the wall, and another partition forks on', async () => {
    await bench.supervisor.limit('slappart0', { processes: 20 })
    await bench.supervisor.apply('slappart0', [service('bomb', forks)])
    await eventually('it is refused', async () =>
      /fork/i.test(await bench.supervisor.tail('slappart0:bomb', { bytes: 5000 })),
    )
    assert.ok((await sleepers()) <= 20)
    await bench.supervisor.apply('slappart1', [service('calm', forks, { partition: 'slappart1' })])
    await eventually('it forked', async () => (await bench.supervisor.tail('slappart1:calm')).includes('forked'))
    await bench.supervisor.apply('slappart1', [])
  })

  test('other limits hold for what runs, and for what it forks, without a restart', async () => {
    await bench.supervisor.apply('slappart0', [service('quiet', 'exec sleep 1000')])
    await eventually('it runs', () => bench.status('quiet').pid !== undefined)
    const { pid } = bench.status('quiet')
    await bench.supervisor.limit('slappart0', { processes: 30, cpus: 0.5 })
    assert.equal((await readFile(file('pids', 'pids.max'), 'utf8')).trim(), '30')
    const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8')
    assert.match(groups, /^\d+:(?:[\w,]*\b(?:pids|cpu)\b[\w,]*)?:.*\/slappart0(?:\/|$)/m)
    assert.equal(bench.status('quiet').pid, pid)
    await bench.supervisor.limit('slappart0', {})
    assert.equal((await readFile(file('pids', 'pids.max'), 'utf8')).trim(), 'max')
  })

  test('who takes more memory than allowed is killed, and no other', async () => {
    const hog = `exec ${process.execPath} -e 'const kept = []; for (;;) kept.push(Buffer.alloc(8e6, 1))'`
    await bench.supervisor.limit('slappart2', { memoryBytes: 128 * 1024 ** 2 })
    const { pid } = bench.status('quiet')
    await bench.supervisor.apply('slappart2', [service('hog', hog, { partition: 'slappart2' })])
    await eventually(
      'it was killed',
      () => bench.status('hog').signal === 'SIGKILL' || bench.status('hog').restarts > 0,
    )
    assert.ok(pid)
    assert.equal(bench.status('quiet').pid, pid)
  })

  test('who takes more of a processor than allowed is held back', async () => {
    await bench.supervisor.limit('slappart3', { cpus: 0.2 })
    const burn = 'i=0; while :; do i=$((i + 1)); done'
    await bench.supervisor.apply('slappart3', [service('burn', burn, { partition: 'slappart3' })])
    const held = async () => {
      const counters = await readFile(file('cpu', 'cpu.stat', 'slappart3'), 'utf8')
      return Number(/^nr_throttled (\d+)$/m.exec(counters)?.[1])
    }
    await eventually('it was held back', async () => (await held()) >= 3)
  })

  test('who ends everything without having opened it leaves no group either', async () => {
    const other = await openBench()
    await other.supervisor.limit('slappart0', { processes: 20 })
    await other.supervisor.apply('slappart0', [service('quiet', 'exec sleep 1000')])
    const cgroups = await findCgroups(other.directory)
    assert.ok(cgroups !== undefined && existsSync(join(cgroups, 'slappart0')))
    await other.supervisor.close()
    await other.again().stopEverything()
    assert.equal(existsSync(cgroups), false)
    const found = await findControllers(other.directory, undefined)
    for (const place of Object.values(found)) assert.equal(existsSync(place.directory), false)
    await other.end()
  })

  test('the group goes with the last service', async () => {
    for (const partition of ['slappart0', 'slappart2', 'slappart3']) {
      await bench.supervisor.apply(partition, [])
      for (const controller of CONTROLLERS) assert.equal(existsSync(file(controller, '', partition)), false)
    }
  })
})

async function controllersHere(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false
  const directory = await mkdtemp(join(tmpdir(), 'slapos-limits-'))
  const cgroups = await findCgroups(directory)
  const places = await findControllers(directory, cgroups)
  if (cgroups !== undefined) await removeGroups(cgroups)
  await rm(directory, { recursive: true })
  return CONTROLLERS.every((controller) => places[controller] !== undefined)
}
