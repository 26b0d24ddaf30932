import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '@slapos/base'
import type { ProcessReport, Telemetry, TelemetryAnswer } from '@slapos/slap'
import type { Outcome } from '../link/outcome.ts'
import { TelemetrySender } from './telemetry.ts'
import { parseStat, sampleProcesses, usageByPartition } from './usage.ts'

const process1: ProcessReport = { partition: 'p', name: 'a', state: 'RUNNING', since: 1, restarts: 0 }

function sender() {
  const batches: Telemetry[] = []
  const waiting: (() => void)[] = []
  let processes: readonly ProcessReport[] = [process1]
  let answer: Outcome<TelemetryAnswer | undefined> = {
    kind: 'ok',
    value: { format: 1, now: 0, wantFull: false, followed: [] },
  }
  const telemetry = new TelemetrySender({
    version: '1',
    clock: systemClock,
    flushMs: 5,
    heartbeatMs: 60_000,
    sources: {
      processes: () => processes,
      promises: () => [],
      partitions: () => [],
      usage: async () => [],
    },
    send: async (batch) => {
      batches.push(batch)
      for (const wake of waiting.splice(0)) wake()
      return answer
    },
  })
  return {
    telemetry,
    batches,
    set: (list: readonly ProcessReport[]) => {
      processes = list
    },
    answer: (next: typeof answer) => {
      answer = next
    },
    next: () => new Promise<void>((resolve) => waiting.push(resolve)),
  }
}

describe('telemetry', () => {
  it('is full at first, then only what changed and what is gone', async () => {
    const { telemetry, batches, set, next } = sender()
    let sent = next()
    telemetry.start()
    await sent
    set([
      { ...process1, state: 'EXITED' },
      { ...process1, name: 'b' },
    ])
    sent = next()
    telemetry.touch()
    await sent
    set([{ ...process1, state: 'EXITED' }])
    sent = next()
    telemetry.touch()
    await sent
    telemetry.close()
    assert.deepEqual(
      batches.map(({ full, processes, removedProcesses }) => [full, processes.length, removedProcesses]),
      [
        [true, 1, []],
        [false, 2, []],
        [false, 0, [{ partition: 'p', name: 'b' }]],
      ],
    )
  })

  it('what changes while a batch is on its way follows it, and does not wait for the heartbeat', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const batches: Telemetry[] = []
    let processes: readonly ProcessReport[] = [process1]
    const arrivals = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const gate = Promise.withResolvers<void>()
    const telemetry = new TelemetrySender({
      ...{ version: '1', clock: systemClock, heartbeatMs: 60_000 },
      sources: { processes: () => processes, promises: () => [], partitions: () => [], usage: async () => [] },
      send: async (batch) => {
        batches.push(batch)
        arrivals[batches.length - 1]?.resolve()
        if (batches.length === 1) await gate.promise
        return { kind: 'ok', value: { format: 1, now: 0, wantFull: false, followed: [] } }
      },
    })
    telemetry.start()
    t.mock.timers.tick(1)
    await arrivals[0]?.promise
    processes = [{ ...process1, state: 'EXITED' }]
    telemetry.touch()
    t.mock.timers.tick(1_000)
    assert.equal(batches.length, 1, 'one at a time')
    gate.resolve()
    await new Promise((resolve) => setImmediate(resolve))
    t.mock.timers.tick(1)
    await arrivals[1]?.promise
    assert.deepEqual(
      batches[1]?.processes.map(({ state }) => state),
      ['EXITED'],
    )
    telemetry.close()
  })

  it('is full again after a loss, and when the Master asks for it', async () => {
    const { telemetry, batches, answer, next } = sender()
    answer({ kind: 'unreachable', reason: 'away' })
    let sent = next()
    telemetry.start()
    await sent
    answer({ kind: 'ok', value: { format: 1, now: 0, wantFull: true, followed: [] } })
    sent = next()
    telemetry.touch()
    await sent
    answer({ kind: 'ok', value: { format: 1, now: 0, wantFull: false, followed: ['agent'] } })
    await next()
    sent = next()
    telemetry.log('agent', ['one', 'two'])
    await sent
    telemetry.close()
    assert.deepEqual(
      batches.map(({ full }) => full),
      [true, true, true, false],
    )
    assert.deepEqual(batches.at(-1)?.logs, [{ source: 'agent', offset: 0, lines: ['one', 'two'] }])
  })
})

describe('usage', () => {
  it('reads a process whose name is odd', () => {
    const fields = `S 1 5 7 0 -1 0 0 0 0 0 250 50 0 0 20 0 1 0 100 1000 3 ${'0 '.repeat(28)}`
    assert.deepEqual(parseStat(`42 (a) b (c) ${fields}`), {
      pid: 42,
      parent: 1,
      session: 7,
      cpuSeconds: 3,
      memoryBytes: 3 * 4096,
    })
    assert.equal(parseStat(''), undefined)
  })
  it('counts descendants and sessions to the partition of the service', () => {
    const sample = (pid: number, parent: number, session: number) => ({
      pid,
      parent,
      session,
      cpuSeconds: 1,
      memoryBytes: 10,
    })
    const samples = [sample(10, 1, 10), sample(11, 10, 11), sample(12, 1, 10), sample(20, 1, 20)]
    const totals = usageByPartition(samples, new Map([[10, 'slappart0']]))
    assert.deepEqual([...totals], [['slappart0', { cpuSeconds: 3, memoryBytes: 30, processes: 3 }]])
  })
  it('sees ourselves', async () => {
    assert.ok((await sampleProcesses()).some(({ pid }) => pid === process.pid))
  })
})
