import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutEmptied } from './without-emptied.ts'

test('groups that nobody filled are left out; what was there, is required or was named stays', () => {
  const group = { type: 'object' }
  const schema = { properties: { a: group, b: group, c: group, d: { properties: { e: group } } }, required: ['c'] }
  const data = { a: {}, b: {}, c: {}, d: { e: {} }, named: {}, list: [], x: 1 }
  assert.deepEqual(withoutEmptied(data, { b: {} }, schema), { b: {}, c: {}, named: {}, list: [], x: 1 })
})
