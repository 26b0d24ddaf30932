import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mostSimilar } from './similar.ts'

test('a slip of the fingers finds the word, anything else does not', () => {
  const known = ['list', 'info', 'service', 'supply', 'status']
  assert.equal(mostSimilar('lst', known), 'list')
  assert.equal(mostSimilar('lsit', known), 'list')
  assert.equal(mostSimilar('servise', known), 'service')
  assert.equal(mostSimilar('staus', known), 'status')
  assert.equal(mostSimilar('delete', known), undefined)
  assert.equal(mostSimilar('', known), undefined)
})
