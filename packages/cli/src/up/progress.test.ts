import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from '@slapos/base'
import type { Io } from '../io.ts'
import { Progress } from './progress.ts'

function record(terminal: boolean) {
  const seen: string[] = []
  const io: Io = { out() {}, err: (text) => void seen.push(text), terminal, columns: 60, environment: {} }
  return { io, seen }
}

function steppingClock(step: number): Clock {
  let now = 0
  return { now: () => now, monotonic: () => (now += step), sleep: () => Promise.resolve() }
}

test('off a terminal a step is one plain line with its result and duration', async () => {
  const { io, seen } = record(false)
  const progress = new Progress(io, steppingClock(1500))
  await progress.step(
    'Master',
    async () => 'x',
    () => 'https://127.0.0.1:5443',
  )
  assert.deepEqual(seen, ['  ✓ Master       https://127.0.0.1:5443  (1.5 s)\n'])
})

test('a failed step is marked and the error goes on', async () => {
  const { io, seen } = record(false)
  const progress = new Progress(io, steppingClock(0))
  await assert.rejects(
    progress.step('Software', async (say) => {
      say('helloworld, step 2 of 3')
      throw new Error('no')
    }),
    /no/,
  )
  assert.equal(seen.at(-1), '  ✗ Software     helloworld, step 2 of 3\n')
})

test('on a terminal the moving line is erased and never wider than the screen', async () => {
  const { io, seen } = record(true)
  const progress = new Progress(io, steppingClock(0))
  await progress.step(
    'Service',
    async (say) => say('w'.repeat(200)),
    () => 'running',
  )
  const [first = '', last = ''] = [seen[0], seen.at(-1)]
  assert.ok(first.startsWith('\r\x1b[2K'))
  assert.ok(first.replace('\r\x1b[2K', '').length <= 59)
  assert.equal(last, '\r\x1b[2K  ✓ Service      running\n')
})
