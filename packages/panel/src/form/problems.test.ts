import assert from 'node:assert/strict'
import { test } from 'node:test'
import { problemOf } from './problems.ts'
import { validator } from './validator.ts'
import type { Data } from './wire.ts'

const schema = {
  definitions: { port: { type: 'integer', minimum: 1, maximum: 65535 } },
  required: ['kind'],
  additionalProperties: false,
  properties: {
    kind: { title: 'Kind', enum: ['tcp', 'http'] },
    port: { $ref: '#/definitions/port' },
    other: { $ref: '#/properties/port' },
    back: {
      oneOf: [
        { properties: { by: { const: 'name' }, name: { type: 'string', minLength: 2 } }, required: ['by', 'name'] },
        { properties: { by: { const: 'port' }, port: { $ref: '#/definitions/port' } }, required: ['by', 'port'] },
      ],
    },
  },
}
const said = (data: Data) => problemOf(schema, data)

test('each refusal names its field, in words', () => {
  assert.equal(said({ kind: 'tcp', port: 80, other: 81 }), undefined)
  assert.equal(said({}), 'Kind: is required')
  assert.equal(said({ port: 0 }), 'Kind: is required (and 1 more)')
  assert.equal(said({ kind: 'udp' }), 'Kind: must be one of tcp, http')
  assert.equal(said({ kind: 'tcp', prot: 1 }), 'prot: is not a known parameter')
  assert.equal(said({ kind: 'tcp', port: 'x' }), 'port: must be a whole number')
  assert.equal(said({ kind: 'tcp', other: 70000 }), 'other: must be at most 65535')
})

test('of several cases, the one that was meant is explained', () => {
  assert.equal(said({ kind: 'tcp', back: { by: 'name', name: 'x' } }), 'back › name: must have at least 2 characters')
  assert.equal(said({ kind: 'tcp', back: { by: 'port' } }), 'back › port: is required')
})

test('a part of a schema is judged with what its references name in the whole', () => {
  const root = { type: 'object', ...schema } as const
  const valid = (part: object, value: unknown) => validator.isValid(part, value, root as never)
  assert.equal(valid({ $ref: '#/properties/port' }, 80), true)
  assert.equal(valid({ $ref: '#/properties/port' }, 0), false)
  assert.equal(valid({ properties: { a: { $ref: '#/definitions/port' } } }, { a: 'x' }), false)
})
