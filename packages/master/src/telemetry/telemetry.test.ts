import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { type Clock, silentLogger, systemClock } from '@slapos/base'
import type { Telemetry } from '@slapos/slap'
import { openTelemetry } from './open.ts'
import type { TelemetryChange, TelemetryService } from './telemetry.ts'

const MINUTE = 60_000
let directory: string
let offset = 0
let changes: TelemetryChange[] = []
let telemetry: TelemetryService
let computers = 0
let computer = ''
const clock: Clock = {
  ...systemClock,
  now: () => Date.now() + offset,
  monotonic: () => systemClock.monotonic() + offset,
}

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slapos-telemetry-'))
  telemetry = await openTelemetry({ path: join(directory, 'telemetry.db'), clock, logger: silentLogger })
  telemetry.onChange((change) => changes.push(change))
})
beforeEach(() => {
  computer = `COMP-${++computers}`
  changes = []
})
after(async () => {
  await telemetry.close()
  await rm(directory, { recursive: true, force: true })
})

const batch = (more: Partial<Telemetry> = {}): Telemetry => ({
  ...{ format: 1, now: clock.now(), agentVersion: '1', full: false },
  ...{ processes: [], removedProcesses: [], promises: [], removedPromises: [] },
  ...{ builds: [], partitions: [], logs: [], usage: [] },
  ...more,
})
const running = (name: string) =>
  ({ partition: 'slappart0', name, state: 'RUNNING', pid: 1, since: clock.now(), restarts: 0 }) as const
const promise = (ok: boolean) =>
  ({
    partition: 'slappart0',
    name: 'http',
    ok,
    message: 'm',
    checked: clock.now(),
    since: 1e12,
    durationMs: 3,
  }) as const

test('a node that is not known is asked for everything; then its changes are enough', () => {
  assert.equal(telemetry.receive(computer, batch()).wantFull, true)
  const full = batch({ full: true, processes: [running('a'), running('b')] })
  assert.equal(telemetry.receive(computer, full).wantFull, false)
  telemetry.receive(computer, batch({ removedProcesses: [{ partition: 'slappart0', name: 'a' }] }))
  assert.deepEqual([...(telemetry.node(computer)?.processes.keys() ?? [])], ['slappart0/b'])
  telemetry.receive(computer, batch({ full: true }))
  assert.equal(telemetry.node(computer)?.processes.size, 0)
})

test('only what a reader could see is told as a change', () => {
  telemetry.receive(computer, batch({ full: true, promises: [promise(true)] }))
  assert.deepEqual(
    changes.map(({ kind, partitions }) => [kind, partitions]),
    [
      ['contact', []],
      ['facts', ['slappart0']],
    ],
  )
  telemetry.receive(computer, batch({ promises: [promise(true)] }))
  telemetry.receive(computer, batch())
  assert.equal(changes.length, 2, 'the same result again, and a heartbeat')
  telemetry.receive(computer, batch({ promises: [promise(false)] }))
  assert.equal(changes.length, 3)
})

test('changes of state are kept, newest first', async () => {
  for (const ok of [true, true, false]) telemetry.receive(computer, batch({ full: true, promises: [promise(ok)] }))
  const history = await telemetry.history(computer, 'slappart0', 10)
  assert.deepEqual(
    history.map(({ kind, name, state }) => [kind, name, state]),
    [
      ['promise', 'http', 'failing'],
      ['promise', 'http', 'ok'],
    ],
  )
  assert.deepEqual(await telemetry.history(computer, 'slappart9', 10), [])
})

test('times of a node whose clock is wrong are moved to ours', () => {
  const wrong = clock.now() - 3_600_000
  const process = { ...running('a'), since: wrong - 1000 }
  telemetry.receive(computer, batch({ now: wrong, full: true, processes: [process] }))
  const since = telemetry.node(computer)?.processes.get('slappart0/a')?.since ?? 0
  assert.ok(Math.abs(since - (clock.now() - 1000)) < 5_000)
  assert.ok((telemetry.node(computer)?.clockOffset ?? 0) < -3_590_000)
})

test('log lines: from an offset, from the end, repeated batches once, a new life from the start', async () => {
  const source = 'service/slappart0/http'
  const lines = (from: number, count: number) => Array.from({ length: count }, (_, n) => `line ${from + n}`)
  const send = (from: number, count: number) =>
    telemetry.receive(computer, batch({ logs: [{ source, offset: from, lines: lines(from, count) }] }))
  send(0, 100)
  send(50, 100)
  assert.deepEqual(await telemetry.logs(computer, source, -2, 10), {
    offset: 148,
    lines: ['line 148', 'line 149'],
    next: 150,
  })
  assert.deepEqual((await telemetry.logs(computer, source, 10, 2)).lines, ['line 10', 'line 11'])
  send(150, 6_000)
  const oldest = await telemetry.logs(computer, source, 0, 1)
  assert.equal(oldest.offset, 1_150, 'the ring keeps 5000 lines')
  send(0, 3)
  assert.deepEqual(await telemetry.logs(computer, source, -10, 10), { offset: 0, lines: lines(0, 3), next: 3 })
  assert.deepEqual(
    (await telemetry.logSources(computer)).map(({ source: name }) => name),
    [source],
  )
})

test('usage: raw for two hours, then means of five minutes', async () => {
  const begin = clock.now()
  for (let minute = 0; minute < 180; minute += 2) {
    offset += 2 * MINUTE
    const usage = [{ partition: '', at: clock.now(), cpu: 1, memoryBytes: 100, processes: 5 }]
    telemetry.receive(computer, batch({ usage }))
  }
  const points = await telemetry.usage(computer, '', begin)
  assert.ok(points.length < 90 && points.length > 65, `${points.length} points`)
  assert.ok(points.every(({ cpu, memory }) => cpu === 1 && memory === 100))
  const times = points.map(({ at }) => at)
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  )
})

test('followed sources are asked for, for a while', () => {
  telemetry.follow(computer, 'agent')
  assert.deepEqual(telemetry.receive(computer, batch()).followed, ['agent'])
  offset += 2 * MINUTE
  assert.deepEqual(telemetry.receive(computer, batch()).followed, [])
})

test('a node that comes back after silence is told; the last contact survives a restart', async () => {
  const path = join(directory, 'restart.db')
  const first = await openTelemetry({ path, clock, logger: silentLogger })
  first.contacted('COMP-0', '192.0.2.9')
  const at = first.node('COMP-0')?.contact
  await first.close()
  offset += 10 * MINUTE
  const second = await openTelemetry({ path, clock, logger: silentLogger })
  const told: string[] = []
  second.onChange(({ kind }) => told.push(kind))
  assert.equal(second.node('COMP-0')?.contact, at)
  assert.equal(second.node('COMP-0')?.address, '192.0.2.9')
  second.contacted('COMP-0', '192.0.2.9')
  second.contacted('COMP-0', '192.0.2.9')
  assert.deepEqual(told, ['contact'])
  await second.close()
})

test('a forgotten computer has no past', async () => {
  telemetry.receive(computer, batch({ full: true, promises: [promise(false)] }))
  telemetry.forget(computer)
  assert.equal(telemetry.node(computer), undefined)
  assert.deepEqual(await telemetry.history(computer, undefined, 10), [])
})

test('the past tells the last change of each thing before a moment, all since, and when the computer measured itself', async () => {
  const start = clock.now()
  const at = (since: number, state: 'RUNNING' | 'BACKOFF') =>
    batch({ full: true, processes: [{ partition: 'p', name: 'web', state, since, restarts: 0 }] })
  telemetry.receive(computer, at(start - 90 * MINUTE, 'BACKOFF'))
  telemetry.receive(computer, at(start - 80 * MINUTE, 'RUNNING'))
  telemetry.receive(computer, at(start - 10 * MINUTE, 'BACKOFF'))
  const measured = { partition: '', at: start - 7 * MINUTE, cpu: 1, memoryBytes: 1, processes: 1 }
  telemetry.receive(computer, batch({ usage: [measured, { ...measured, at: start - 70 * MINUTE }] }))
  const past = await telemetry.past(computer, start - 60 * MINUTE)
  assert.deepEqual(
    past.changes.map(({ kind, name, state }) => `${kind} ${name} ${state}`),
    ['process web RUNNING', 'process web BACKOFF'],
  )
  assert.equal(past.measured.length, 1)
  assert.ok(Math.abs((past.measured[0] ?? 0) - measured.at) < 5 * MINUTE)
})
