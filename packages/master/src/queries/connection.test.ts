import assert from 'node:assert/strict'
import { it } from 'node:test'
import { connectionOf } from './connection.ts'

const started = { color: 'green', word: 'Started', reason: '', since: null } as const

it('names of parts of the response schema label what is published, and what is not published yet', () => {
  const schema = {
    allOf: [{ $ref: '#/$defs/monitor' }, { $ref: '#' }],
    properties: { url: { title: 'Address' } },
    $defs: { monitor: { properties: { 'monitor-password': { title: 'Password of the monitor' } } } },
  }
  const { parameters, missing } = connectionOf({ url: 'https://a.example/', extra: '1' }, schema, started, false)
  assert.deepEqual(
    parameters.map(({ key, title, value, secret, kind }) => [key, title, value, secret, kind]),
    [
      ['url', 'Address', 'https://a.example/', false, 'link'],
      ['monitor-password', 'Password of the monitor', null, true, 'text'],
      ['extra', 'extra', '1', false, 'text'],
    ],
  )
  assert.equal(missing, null)
})

it('a schema without meaning labels nothing', () => {
  for (const schema of [null, true, [], { properties: 1 }, { $ref: 'elsewhere.json' }, { allOf: [null] }]) {
    assert.deepEqual(connectionOf({}, schema, started, false).parameters, [])
  }
})
