import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foreignValues } from './foreign-values.ts'

const places = (data: unknown, schema: unknown) => foreignValues(data, schema).map(({ path }) => path.join('/'))

test('what no part of a schema speaks of is found, wherever it stands', () => {
  const schema = {
    properties: { name: {}, list: { items: { properties: { a: {} } } }, free: { type: 'object' } },
    oneOf: [{ properties: { kind: { const: 1 } } }, { $ref: '#/$defs/other' }],
    $defs: { other: { properties: { size: { type: 'integer' } }, additionalProperties: false } },
  }
  const data = { name: { x: 1 }, list: [{ a: 1 }, { b: 1 }], free: { y: 1 }, kind: 1, size: 1, odd: { deep: 1 } }
  assert.deepEqual(places(data, schema), ['list/1/b', 'odd'])
})

test('entries of dictionaries are foreseen when their names are', () => {
  const nodes = { patternProperties: { '^n': { properties: { w: {} } } }, additionalProperties: false }
  assert.deepEqual(places({ nodes: { n1: { w: 1, v: 1 }, m: 1 } }, { properties: { nodes } }), [
    'nodes/n1/v',
    'nodes/m',
  ])
  assert.deepEqual(places({ a: 1 }, { properties: {}, additionalProperties: true }), [])
  assert.deepEqual(places({ a: 1 }, { properties: {}, additionalProperties: { type: 'string' } }), [])
})
