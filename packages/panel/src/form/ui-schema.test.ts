import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formSchemaOf } from './form-schema.ts'
import { uiSchemaOf as ofShape } from './ui-schema.ts'

const uiSchemaOf = (schema: object) => ofShape(formSchemaOf(schema))
const secret = { 'ui:widget': 'password' }

test('secrets are masked wherever they stand', () => {
  const schema = {
    definitions: {
      login: { type: 'object', properties: { password: { $ref: '#/definitions/text' } } },
      text: { type: 'string' },
    },
    allOf: [{ properties: { 'api-key': { type: 'string' } } }],
    oneOf: [
      { properties: { token: { type: 'string' } } },
      { properties: { phrase: { type: 'string', format: 'password' } } },
    ],
    if: { properties: { on: { const: true } } },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema names it so
    then: { properties: { 'private-key': { type: ['string', 'null'] } } },
    properties: {
      login: { $ref: '#/definitions/login' },
      users: { type: 'array', items: { $ref: '#/definitions/login' } },
      hosts: { type: 'object', patternProperties: { '^h': { properties: { secret: { type: 'string' } } } } },
      password: { type: 'boolean' },
    },
  }
  const ui = uiSchemaOf(schema)
  for (const name of ['api-key', 'token', 'phrase', 'private-key'])
    assert.equal(ui[name]['ui:widget'], 'password', name)
  assert.deepEqual(ui['login']['password'], secret)
  assert.deepEqual(ui['users']['items']['password'], secret)
  assert.deepEqual(ui['hosts']['additionalProperties']['secret'], secret)
  assert.equal(ui['password']['ui:widget'], undefined, 'a switch hides nothing')
})

test('defaults are ghost values, long texts have room, what is deprecated comes last', () => {
  const ui = uiSchemaOf({
    properties: {
      old: { type: 'string', deprecated: true },
      port: { type: 'integer', default: 80 },
      text: { type: 'string', textarea: true },
      rare: { type: 'string', title: '[EXPERT] rare', description: '[expert] only' },
    },
  })
  assert.equal(ui['port']['ui:placeholder'], '80')
  assert.equal(ui['text']['ui:widget'], 'textarea')
  assert.deepEqual(ui['ui:order'], ['port', 'text', '*', 'old', 'rare'])
  assert.deepEqual(ui['ui:late'], ['old', 'rare'])
})

test('a schema that refers to itself ends', () => {
  const tree = { type: 'object', properties: { name: { type: 'string', default: 'x' }, below: { $ref: '#' } } }
  assert.equal(uiSchemaOf(tree)['below']['below']['name']['ui:placeholder'], 'x')
})
