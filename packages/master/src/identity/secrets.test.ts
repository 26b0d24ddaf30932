import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from './secrets.ts'

test('names of rows can be typed behind a command: none is taken for an option', () => {
  for (let time = 0; time < 1000; time += 1) assert.match(newId(), /^[0-9a-f]{18}$/)
})
