import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutEmptied } from './without-emptied.ts'

test('groups that nobody filled are left out; what was there, is required or was named stays', () => {
  const group = { type: 'object' }
  const schema = { properties: { a: group, b: group, c: group, d: { properties: { e: group } } }, required: ['c'] }
  const data = { a: {}, b: {}, c: {}, d: { e: {} }, named: {}, list: [], x: 1 }
  assert.deepEqual(withoutEmptied(data, { b: {} }, schema), { b: {}, c: {}, named: {}, list: [], x: 1 })
})

test('a group of which only constants are known was not given; it was when its kind was chosen', () => {
  const way = (name: string) => ({ properties: { by: { const: name }, [name]: { type: 'string' } }, required: ['by'] })
  const back = { type: 'object', oneOf: [way('name'), way('port')] }
  const schema = { properties: { back, nodes: { patternProperties: { '.*': { properties: { back } } } } } }
  const data = { back: { by: 'port' }, nodes: { n1: { back: { by: 'name' } } } }
  assert.deepEqual(withoutEmptied(data, {}, schema), { nodes: { n1: {} } })
  assert.deepEqual(withoutEmptied(data, {}, schema, 'parameter_back'), { back: { by: 'port' }, nodes: { n1: {} } })
  const pair = { type: 'array', prefixItems: [{ type: 'string' }] }
  assert.deepEqual(
    withoutEmptied({ a: [], b: [undefined], c: [null] }, {}, { properties: { a: pair, b: pair, c: pair } }),
    { c: [null] },
  )
  assert.deepEqual(withoutEmptied({ back: { by: 'port', port: '1' } }, {}, schema), { back: { by: 'port', port: '1' } })
})
