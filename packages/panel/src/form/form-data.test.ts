import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entrySchemas, firstValue, putAt } from './form-data.ts'

test('a value is put and taken away at a path; the rest stays as it was', () => {
  const data = { a: 1, nodes: { n1: { x: 1 } }, list: [{ y: 1 }, { y: 2 }] }
  assert.deepEqual(putAt(data, ['nodes', 'n.2'], {}), { ...data, nodes: { n1: { x: 1 }, 'n.2': {} } })
  assert.deepEqual(putAt(data, ['list', 1, 'y'], undefined), { ...data, list: [{ y: 1 }, {}] })
  assert.deepEqual(putAt({}, ['nodes', 'n1'], ''), { nodes: { n1: '' } })
  assert.deepEqual(Object.keys(putAt(data, ['nodes', 'n1'], 2) as object), ['a', 'nodes', 'list'])
  assert.deepEqual(data, { a: 1, nodes: { n1: { x: 1 } }, list: [{ y: 1 }, { y: 2 }] })
})

test('an entry begins with what it must be, may be, or asks for', () => {
  const all = [{ const: 4 }, { 'x-default': 'x', type: 'string' }, { enum: ['a', 'b'] }, { type: 'string' }, {}]
  assert.deepEqual(all.map(firstValue), [4, 'x', 'a', '', ''])
  const more = [
    { type: 'object' },
    { properties: {} },
    { type: 'array' },
    { type: 'boolean' },
    { type: ['integer', 'null'] },
  ]
  assert.deepEqual(more.map(firstValue), [{}, {}, [], false, null])
})

test('patterns tell which names an entry may have', () => {
  const schema = { patternProperties: { '^n\\d+$': { type: 'object' }, '1$': { type: 'object', title: 'one' } } }
  assert.equal(entrySchemas(schema, 'n1')?.length, 2)
  assert.equal(entrySchemas(schema, 'x'), undefined)
  assert.deepEqual(entrySchemas({ ...schema, additionalProperties: { type: 'string' } }, 'x'), [{ type: 'string' }])
  assert.deepEqual(entrySchemas({ additionalProperties: true }, 'x'), [{ type: 'string' }])
  assert.equal(entrySchemas({ patternProperties: { '[': {} } }, 'x'), undefined)
})
