import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatLogLine } from './logger.ts'

test('a log line has the form that the tutorial shows', () => {
  const date = new Date(2020, 8, 22, 17, 36, 1)
  assert.equal(
    formatLogLine(date, 'slapos', 20980, 'info', 'Updating computer'),
    '2020-09-22 17:36:01 slapos[20980] INFO Updating computer',
  )
})
