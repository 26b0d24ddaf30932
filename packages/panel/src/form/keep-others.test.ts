import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formSchemaOf } from './form-schema.ts'
import { keepOthers } from './keep-others.ts'

test('what was not changed and is still shown stays; what a condition hides goes', () => {
  const shape = formSchemaOf({
    properties: { mode: { type: 'string' }, pair: { type: 'array' }, limits: { properties: { a: {}, b: {} } } },
    if: { properties: { mode: { const: 'tls' } }, required: ['mode'] },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema names it so
    then: { properties: { certificate: { type: 'string' } } },
  })
  const before = { mode: 'tls', pair: [1], certificate: 'PEM', limits: { a: '1', b: '2' } }
  const limits = { a: '1', b: '2' }
  assert.deepEqual(keepOthers({ mode: 'x' }, before, shape, 'parameter_mode'), { mode: 'x', pair: [1], limits })
  const changed = { ...before, limits: { a: '3' } }
  assert.deepEqual(keepOthers(changed, before, shape, 'parameter_limits_a'), { ...before, limits: { a: '3', b: '2' } })
  assert.deepEqual(keepOthers({ mode: 'tls', pair: [] }, before, shape, 'parameter_pair'), { ...before, pair: [] })
  assert.deepEqual(keepOthers({}, before, shape, undefined), {})
})
