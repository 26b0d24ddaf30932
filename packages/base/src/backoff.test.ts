import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { backoffDelay } from './backoff.ts'

test('delays double from the first to the most', () => {
  const options = { first: 100, most: 1000, jitter: 0 }
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 60].map((n) => backoffDelay(n, options)),
    [0, 100, 200, 400, 800, 1000, 1000],
  )
})

test('jitter only shortens, by at most its share', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 80 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const full = backoffDelay(failures, { first: 50, most: 5000, jitter: 0 })
      const delay = backoffDelay(failures, { first: 50, most: 5000, random: () => random })
      return delay <= full && delay >= full / 2
    }),
  )
})
