import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validator } from './validator.ts'

const machine = {
  oneOf: [
    { properties: { kind: { const: 'disk' }, size: { type: 'integer' } }, required: ['kind', 'size'] },
    { properties: { kind: { const: 'net' }, address: { type: 'string' } }, required: ['kind', 'address'] },
  ],
} as const

const said = (schema: object, data: unknown) =>
  validator.validateFormData(data, schema).errors.map((error) => error.stack)

test('of alternatives that a value fits none of, the refusals of the meant one are told, at their fields', () => {
  const schema = { type: 'object', properties: { part: { $ref: '#/$defs/machine' } }, $defs: { machine } }
  assert.deepEqual(said(schema, { part: { kind: 'net' } }), ['part › address: is required'])
  assert.deepEqual(said(schema, { part: { kind: 'disk', size: 'big' } }), ['part › size: must be a whole number'])
})

test('alternatives of the whole are told at the field that is missing; a value that fits two says so', () => {
  const either = { type: 'object', anyOf: [{ required: ['url'] }, { required: ['host', 'port'] }] }
  assert.deepEqual(said(either, {}), ['url: is required'])
  assert.deepEqual(said(either, { host: 'a', port: 1 }), [])
  const both = { oneOf: [{ minimum: 1 }, { minimum: 2 }] }
  assert.match(said(both, 3).join(), /more than one/)
})

test('alternatives within alternatives', () => {
  const schema = { anyOf: [{ type: 'string' }, { type: 'object', properties: { part: machine }, required: ['part'] }] }
  assert.deepEqual(said(schema, { part: { kind: 'net' } }), ['part › address: is required'])
})

test('a part of a schema is judged with everything that its document defines, wherever that stands', () => {
  const root = {
    properties: { port: { type: 'integer', minimum: 1 }, other: { $ref: '#/properties/port' } },
    $defs: { list: { type: 'array', items: { $ref: '#/properties/other' } } },
  }
  const fits = (part: object, value: unknown) => validator.isValid(part, value, root)
  assert.equal(fits({ $ref: '#/properties/port' }, 0), false)
  assert.equal(fits({ properties: { a: { $ref: '#/$defs/list' } } }, { a: [1, 2] }), true)
  assert.equal(fits({ properties: { a: { $ref: '#/$defs/list' } } }, { a: [1, 0] }), false)
})
