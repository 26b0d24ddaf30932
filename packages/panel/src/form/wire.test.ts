import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromWire, toWire } from './wire.ts'

const schema = {
  properties: {
    port: { type: 'integer' },
    share: { type: 'number' },
    on: { type: 'boolean' },
    name: { type: 'string' },
  },
}

test('json-in-xml keeps every type under one key', () => {
  const data = { port: 80, list: [1, { a: true }], name: 'x' }
  assert.deepEqual(fromWire(toWire(data, 'json-in-xml'), 'json-in-xml', schema), data)
  assert.deepEqual(fromWire({}, 'json-in-xml', schema), {})
  assert.throws(() => fromWire({ port: '80' }, 'json-in-xml', schema), /only the parameter _/)
})

test('xml is text by key: what the schema wants is read as that, decimals and foreign keys stay', () => {
  const text = { port: '80', share: '0.25', on: 'True', name: '007', other: '1' }
  const data = fromWire(text, 'xml', schema)
  assert.deepEqual(data, { port: 80, share: 0.25, on: true, name: '007', other: '1' })
  assert.deepEqual(toWire({ ...data, gone: undefined }, 'xml'), { ...text, on: 'true' })
  assert.deepEqual(fromWire({ port: 'many' }, 'xml', schema), { port: 'many' }, 'a wrong value is kept and shown')
  assert.throws(() => fromWire({ _: '{"a": 1}' }, 'xml', schema), /should not contain/)
  assert.deepEqual(fromWire({ _: '{}' }, 'xml', schema), {})
})
