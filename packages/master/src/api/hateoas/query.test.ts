import assert from 'node:assert/strict'
import { it } from 'node:test'
import { parseQuery } from './query.ts'

const parsed = (text: string) => Object.fromEntries(parseQuery(text) ?? [])

it('reads the searches that clients send', () => {
  assert.deepEqual(parsed('portal_type:"Instance Tree" AND validation_state:validated AND title:="my \\"demo\\""'), {
    portal_type: ['Instance Tree'],
    validation_state: ['validated'],
    title: ['my "demo"'],
  })
  assert.deepEqual(parsed('portal_type:("Software Instance", "Slave Instance") AND default_specialise_title:="T"'), {
    portal_type: ['Software Instance', 'Slave Instance'],
    default_specialise_title: ['T'],
  })
})

it('does not guess at others', () => {
  for (const text of ['title:="a" OR title:="b"', 'title', '"x"', 'a:="b'])
    assert.equal(parseQuery(text), undefined, text)
})
