import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Clock, systemClock } from '@slapos/base'
import { Deliveries } from './deliveries.ts'

/** Waits take no time, and are written down. */
function scene(answers: readonly ('arrived' | 'failed' | 'hopeless')[]) {
  const [waits, tried]: [number[], string[]] = [[], []]
  const clock: Clock = { ...systemClock, sleep: async (ms) => void waits.push(ms) }
  const { promise: done, resolve } = Promise.withResolvers<void>()
  let next = 0
  const deliveries = new Deliveries<string>(clock, async (item) => {
    tried.push(item)
    const answer = answers[next] ?? 'arrived'
    next += 1
    if (next >= answers.length) setImmediate(resolve)
    return answer === 'arrived' ? undefined : { hopeless: answer === 'hopeless' }
  })
  return { deliveries, waits, tried, done }
}

test('what failed is tried again, later and later, before the next message of that receiver', async () => {
  const { deliveries, waits, tried, done } = scene(['failed', 'failed', 'arrived', 'arrived'])
  deliveries.add('hook', 'red')
  deliveries.add('hook', 'green')
  await done
  assert.deepEqual(tried, ['red', 'red', 'red', 'green'])
  assert.ok(waits.length === 2 && (waits[0] ?? 0) <= 5_000 && (waits[1] ?? 0) > 10_000, String(waits))
  await deliveries.close()
})

test('it ends: after five tries, or at once where no try helps', async () => {
  const { deliveries, tried, done } = scene([...Array<'failed'>(5).fill('failed'), 'hopeless', 'arrived'])
  for (const item of ['a', 'b', 'c']) deliveries.add('hook', item)
  await done
  assert.deepEqual(tried, ['a', 'a', 'a', 'a', 'a', 'b', 'c'])
  await deliveries.close()
})

test('closing waits for no further try', async () => {
  let tries = 0
  const deliveries = new Deliveries<string>(systemClock, async () => {
    tries += 1
    return { hopeless: false }
  })
  deliveries.add('hook', 'red')
  await deliveries.close()
  assert.equal(tries, 1)
})
