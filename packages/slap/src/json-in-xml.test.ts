import assert from 'node:assert/strict'
import { it } from 'node:test'
import { unwrapJson, wrapJson, wrapParameters } from './json-in-xml.ts'

it('wraps and unwraps', () => {
  assert.deepEqual(unwrapJson(wrapJson({ a: [1, null] })), { a: [1, null] })
  assert.deepEqual(unwrapJson({ a: '1' }), { a: '1' })
  assert.deepEqual(unwrapJson({ _: '' }), {})
  assert.throws(() => unwrapJson({ _: '{' }), { code: 'PARAMETERS_NOT_JSON' })
})

it('takes the form that the release takes', () => {
  assert.deepEqual(wrapParameters({ port: 80, name: 'x' }, 'xml'), { port: '80', name: 'x' })
  assert.deepEqual(wrapParameters({ port: 80 }, 'json-in-xml'), { _: '{"port":80}' })
})
