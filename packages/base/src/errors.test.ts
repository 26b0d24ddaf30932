import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogue, isSlapError, messageOf } from './errors.ts'

const errors = catalogue({
  TAKEN: { status: 409, exit: 1, what: "'{name}' is taken by {owner}", next: 'Choose another name.' },
  QUIET: { status: 500, exit: 1, what: 'it failed', next: '' },
})

test('an error says what failed, why and what to do next in one line', () => {
  const error = errors.TAKEN({ name: 'x', owner: 'y' })
  assert.equal(error.line, "'x' is taken by y. Choose another name.")
  assert.equal(error.code, 'TAKEN')
  assert.equal(error.status, 409)
  assert.ok(isSlapError(error))
})

test('an unknown placeholder stays visible instead of vanishing', () => {
  assert.equal(errors.TAKEN({ name: 'x' }).message, "'x' is taken by {owner}")
})

test('a parameter value is never taken for a placeholder', () => {
  assert.equal(errors.TAKEN({ name: '{owner}', owner: 'y' }).message, "'{owner}' is taken by y")
})

test('the cause is kept, and anything thrown has a message', () => {
  const cause = new Error('deep')
  assert.equal(errors.QUIET({}, cause).cause, cause)
  assert.equal(messageOf(errors.QUIET()), 'it failed')
  assert.equal(messageOf('text'), 'text')
})
