import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, openBench, service } from './testing.ts'

test('a hundred services start together, and one change moves one pid', async (t) => {
  const bench = await openBench()
  try {
    const count = 100
    const all = (changed: number) =>
      Array.from({ length: count }, (_, index) =>
        service(`s${index}`, 'exec sleep 1000', { hash: index === changed ? 'new' : 'old' }),
      )
    const began = performance.now()
    await bench.supervisor.apply('slappart0', all(-1))
    t.diagnostic(`${count} services started in ${Math.round(performance.now() - began)} ms`)
    const pids = () => bench.supervisor.status().map(({ pid }) => pid ?? 0)
    await eventually('all run', () => bench.supervisor.status().every(({ state }) => state === 'RUNNING'))
    const before = pids()
    const reading = performance.now()
    pids()
    t.diagnostic(`their status read in ${(performance.now() - reading).toFixed(1)} ms`)
    assert.equal(new Set(before).size, count)
    const changing = performance.now()
    await bench.supervisor.apply('slappart0', all(42))
    t.diagnostic(`one of them replaced in ${Math.round(performance.now() - changing)} ms`)
    assert.equal(pids().filter((pid, index) => pid !== before[index]).length, 1)
    const removing = performance.now()
    await bench.supervisor.apply('slappart0', [])
    t.diagnostic(`all removed in ${Math.round(performance.now() - removing)} ms`)
    assert.deepEqual(await bench.marked(), [])
  } finally {
    await bench.end()
  }
})
