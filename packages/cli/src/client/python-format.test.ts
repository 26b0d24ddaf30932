import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pythonFormat, pythonRepr } from './python-format.ts'

test('a small dictionary stays on one line, keys sorted', () => {
  assert.equal(
    pythonFormat({ url: 'http://a/', note: null, ok: true }),
    "{'note': None, 'ok': True, 'url': 'http://a/'}",
  )
})

test('a long dictionary puts one entry on a line', () => {
  const value = { 'secure-access': 'https://softinst1.example.com/', domain: 'softinst1.example.com', replicas: 3 }
  assert.equal(
    pythonFormat(value),
    "{'domain': 'softinst1.example.com',\n 'replicas': 3,\n 'secure-access': 'https://softinst1.example.com/'}",
  )
})

test('quotes are chosen and escaped as Python does', () => {
  assert.equal(pythonRepr("it's"), '"it\'s"')
  assert.equal(pythonRepr('both \' and "'), `'both \\' and "'`)
  assert.equal(pythonRepr('a\nb'), "'a\\nb'")
})
