import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asText } from './as-text.ts'

const json = (text: string) => asText({ releaseUrl: 'u', parameters: { _: text } })

test('JSON is compared by its values, not by how it was written', () => {
  assert.equal(json('{"b":[1,{"d":1,"c":2}],"a":1}'), json('{\n "a": 1,\n "b": [1, {"c": 2, "d": 1}]\n}'))
  assert.notEqual(json('{"a":1}'), json('{"a":"1"}'))
  assert.equal(json('{"a":1}'), 'release u\n{\n  "a": 1\n}')
})

test('texts by key are shown as they travel, what is no JSON, too', () => {
  assert.match(
    asText({ releaseUrl: 'u', parameters: { a: '1' }, filter: { mode: 'x' } }),
    /^release u\nmode=x\n.*<parameter id="a">1</s,
  )
  assert.match(json('{'), /<parameter id="_">\{</)
})
