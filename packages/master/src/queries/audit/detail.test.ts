import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Detail, detailOf } from './detail.ts'
import { wordsOf } from './words.ts'

const known = {
  names: new Map([['PERS-2', 'Bob']]),
  releases: (url: string) => ({ product: 'web', productTitle: 'Web', version: url === 'u' ? '1.2' : '' }),
  partitions: new Map([[7, 'paris slappart3']]),
}
const said = (action: string, detail: Detail) => [wordsOf(action, detail), detailOf(action, detail, known)]

test('an entry says in words what was done, without references that nobody knows', () => {
  assert.deepEqual(said('instance.create', { title: 'shop', release: 'u' }), ['requested', 'Web 1.2'])
  assert.deepEqual(said('instance.allocate', { partition: 7 }), ['placed', 'paris slappart3'])
  assert.deepEqual(said('instance.publish', { keys: ['_'] }), ['published parameters of', ''])
  assert.deepEqual(said('instance.publish', { keys: ['url', 'password'] }), [
    'published parameters of',
    'url, password',
  ])
  assert.deepEqual(said('instance.change', { changed: ['state'], state: 'stopped' }), ['asked to stop', ''])
  const both = { changed: ['parameters_json', 'state', 'parent_id'], state: 'started' }
  assert.deepEqual(said('instance.change', both), ['changed', 'parameters, state: started'])
  assert.deepEqual(said('software.supply', { url: 'u', installation: 'SOFTINSTALL-1' }), [
    'supplied software to',
    'Web 1.2',
  ])
  assert.deepEqual(said('project.role', { person: 'PERS-2', role: 'manager' }), ['changed a role in', 'Bob: manager'])
  const command = { name: 'restart-service', partition: 'slappart0', service: 'web' }
  assert.deepEqual(said('computer.command', { command }), ['sent a command to', 'restart-service slappart0:web'])
  assert.deepEqual(said('something.new', { a: 1, b: null, c: ['x', 'y'] }), ['something.new', 'a: 1 · c: x, y'])
})
