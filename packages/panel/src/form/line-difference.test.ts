import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lineDifference } from './line-difference.ts'

test('what is kept and removed is the old text, what is kept and added is the new one', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const difference = lineDifference(before, after)
      const without = (kind: string) => difference.filter((item) => item.kind !== kind).map((item) => item.line)
      assert.deepEqual(without('added'), before)
      assert.deepEqual(without('removed'), after)
    }),
  )
})
