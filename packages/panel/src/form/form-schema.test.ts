import assert from 'node:assert/strict'
import { test } from 'node:test'
import { retrieveSchema } from '@rjsf/utils'
import { formSchemaOf, PRESET } from './form-schema.ts'
import { validator } from './validator.ts'

test('what stands beside a reference is added to it, also where that refers further', () => {
  const schema = formSchemaOf({
    $ref: '#/$defs/sdr',
    $defs: {
      common: { required: ['kind'], properties: { kind: { type: 'string' }, gain: { type: 'number' } } },
      sdr: {
        title: 'SDR',
        $ref: '#/$defs/common',
        required: ['boards'],
        properties: { kind: { const: 'sdr' }, boards: { type: 'array', items: { type: 'integer' } } },
      },
    },
  })
  const { properties, required, title } = retrieveSchema(validator, schema, schema, {})
  assert.equal(title, 'SDR')
  assert.deepEqual([...(required ?? [])].sort(), ['boards', 'kind'])
  assert.deepEqual(Object.keys(properties ?? {}).sort(), ['boards', 'gain', 'kind'])
  assert.deepEqual(properties?.['kind'], { const: 'sdr', type: 'string' })
})

test('an annotation beside a reference stays beside it', () => {
  const port = { $ref: '#/$defs/port', title: 'Port', default: 1, enum: [1, 2] }
  const { default: preset, ...rest } = port
  assert.deepEqual(formSchemaOf({ properties: { port } }).properties, { port: { ...rest, [PRESET]: preset } })
})

test('other drafts, and what the library cannot do without', () => {
  const { properties, dependencies } = formSchemaOf({
    properties: {
      pair: { type: 'array', prefixItems: [{ type: 'string' }, {}], items: false },
      keys: { type: 'array' },
      anything: { title: 'Anything' },
      host: { type: 'string', format: ['host-name', 'ipv6'] },
      items: { type: 'string' },
      list: { type: 'array', default: [{ type: 'array' }] },
    },
    dependentRequired: { host: ['keys'] },
    dependentSchemas: { keys: { required: ['pair'] } },
    $schema: 'x',
  })
  assert.deepEqual(properties, {
    pair: { type: 'array', items: [{ type: 'string' }, { type: 'string' }], additionalItems: false },
    keys: { type: 'array', items: { type: 'string' } },
    anything: { title: 'Anything', type: 'string' },
    host: { type: 'string' },
    items: { type: 'string' },
    list: { type: 'array', items: { type: 'string' }, [PRESET]: [{ type: 'array' }] },
  })
  assert.deepEqual(dependencies, { host: ['keys'], keys: { required: ['pair'] } })
})
