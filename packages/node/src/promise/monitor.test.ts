import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { PlannedPromise } from '@slapos/release'
import type { PromiseReport } from '@slapos/slap'
import fc from 'fast-check'
import { eventually } from '../supervise/testing.ts'
import { createPromiseMonitor, HISTORY, type PromiseMonitorOptions } from './monitor.ts'
import { CheckPool } from './pool.ts'
import { resultText } from './result-file.ts'
import { nextDelay } from './schedule.ts'

let directory: string
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slapos-monitor-'))
})
after(() => rm(directory, { recursive: true, force: true }))

const sh = (name: string, script: string, more: Partial<PlannedPromise> = {}): PlannedPromise => ({
  name,
  period: 60,
  ...more,
  kind: 'command',
  command: ['/bin/sh', '-c', script],
})
const open = (options: Partial<PromiseMonitorOptions> = {}) => {
  const monitor = createPromiseMonitor({ service: () => undefined, userNamespaces: true, ...options })
  const heard: PromiseReport[] = []
  monitor.onChange((report) => heard.push(report))
  const set = (...promises: PlannedPromise[]) =>
    monitor.set('slappart0', promises, { directory, runAs: { kind: 'self' } })
  return { monitor, heard, set }
}

test('a failure is looked at sooner, never more often than a success for long', () => {
  assert.equal(nextDelay(60, undefined), 0)
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3600 }),
      fc.nat(40),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (period, n, r) => {
        const delay = nextDelay(period, { ok: false, failures: n + 1 }, () => r)
        assert.ok(delay <= period * 1000)
        assert.ok(delay >= 800 || delay >= period * 800)
        assert.ok(nextDelay(period, { ok: true, failures: 0 }, () => r) >= period * 900)
      },
    ),
    { numRuns: Number(process.env['SLAPOS_RUNS'] ?? 100) },
  )
  assert.equal(
    nextDelay(60, { ok: false, failures: 1 }, () => 1),
    1000,
  )
  assert.equal(
    nextDelay(60, { ok: false, failures: 3 }, () => 1),
    4000,
  )
})

test('changes are told once, with since; a repair is seen before the period is over', async () => {
  const { monitor, heard, set } = open()
  const file = join(directory, 'repaired')
  try {
    set(sh('p', `[ -e ${file} ] || { echo broken; exit 1; }`, { period: 3600 }))
    await eventually('a failure', () => heard.length === 1)
    const [failure] = heard
    assert.deepEqual([failure?.ok, failure?.message], [false, 'broken'])
    await eventually('a second check', () => monitor.history('slappart0', 'p').length >= 2)
    assert.equal(heard.length, 1)
    assert.equal(monitor.results()[0]?.since, failure?.since)
    await writeFile(file, '')
    await eventually('the repair', () => heard.at(-1)?.ok === true)
    assert.equal(heard.length, 2)
    assert.ok((heard[1]?.since ?? 0) > (failure?.since ?? 0))
  } finally {
    await monitor.close()
  }
})

test('unchanged promises keep their results, removed ones are told, others start at once', async () => {
  const { monitor, heard, set } = open()
  const gone: string[] = []
  monitor.onRemoved(({ name }) => gone.push(name))
  try {
    set(sh('a', 'echo one'), sh('b', 'true'))
    await eventually('both', () => heard.length === 2)
    const checked = monitor.results().find(({ name }) => name === 'a')?.checked
    set(sh('a', 'echo one'), sh('c', 'true'))
    await eventually('the new one', () => heard.at(-1)?.name === 'c')
    assert.deepEqual(gone, ['b'])
    assert.equal(monitor.results().find(({ name }) => name === 'a')?.checked, checked)
    const now = await monitor.checkNow('slappart0')
    assert.deepEqual(
      now.map(({ name }) => name),
      ['a', 'c'],
    )
    assert.ok((now[0]?.checked ?? 0) > (checked ?? 0))
    monitor.forget('slappart0')
    assert.deepEqual(monitor.results(), [])
  } finally {
    await monitor.close()
  }
})

test('promises that hang take the places of their own partition only', async () => {
  const { monitor, heard, set } = open({ atOnce: 4, atOncePerPartition: 2 })
  try {
    set(...['a', 'b', 'c', 'd', 'e'].map((name) => sh(name, 'exec sleep 1000')))
    monitor.set('slappart1', [sh('quick', 'true')], { directory, runAs: { kind: 'self' } })
    await eventually('the quick one', () => heard.some(({ name }) => name === 'quick'))
  } finally {
    await monitor.close() // and the hanging ones are killed: else this would last
  }
})

test('since goes on from what an earlier agent knew, and results are saved', async () => {
  const since = 1_600_000_000_000
  const known = { partition: 'slappart0', name: 'p', ok: true, message: 'OK', checked: since, since, durationMs: 1 }
  const saved: string[] = []
  const save = async (_: string, reports: readonly PromiseReport[]) => void saved.push(...reports.map(resultText))
  const { monitor, heard, set } = open({ known: [known], save })
  try {
    set(sh('p', 'true'))
    await eventually('a result', () => saved.length === 1)
    assert.equal(heard[0]?.since, since)
    assert.match(
      saved[0] ?? '',
      /^\{"title":"p","name":"p","path":"etc\/promise\/p","execution-time":[\d.]+,"result":\{"type":"Test Result","failed":false,"date":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000","message":"OK"\}\}$/,
    )
  } finally {
    await monitor.close()
  }
})

test('the history is bounded', async () => {
  const { monitor, set } = open()
  const count = join(directory, 'count')
  try {
    set(sh('p', `printf x >>${count}`))
    for (let turn = 0; turn < HISTORY + 3; turn++) await monitor.checkNow('slappart0')
    assert.ok(existsSync(count) && (await readFile(count, 'utf8')).length > HISTORY)
    assert.equal(monitor.history('slappart0', 'p').length, HISTORY)
  } finally {
    await monitor.close()
  }
})

test('the pool never runs more than it may', async () => {
  const pool = new CheckPool(3, 2)
  const running = { all: 0, a: 0, b: 0 }
  const work = (partition: 'a' | 'b') =>
    pool.run(partition, async () => {
      running.all += 1
      running[partition] += 1
      assert.ok(running.all <= 3 && running[partition] <= 2)
      await new Promise((resolve) => setImmediate(resolve))
      running.all -= 1
      running[partition] -= 1
    })
  await Promise.all(Array.from({ length: 40 }, (_, index) => work(index % 3 === 0 ? 'b' : 'a')))
  assert.equal(running.all, 0)
})
