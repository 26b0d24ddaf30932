import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatTable } from './table.ts'

const headers = ['title', 'release']
const rows = [
  ['web', 'https://example.org/releases/web-1.0.0.tgz'],
  ['a longer name', '/srv/x'],
]

test('columns are as wide as their longest cell, and lines have no trailing spaces', () => {
  assert.equal(
    formatTable(headers, rows),
    `TITLE          RELEASE
web            https://example.org/releases/web-1.0.0.tgz
a longer name  /srv/x
`,
  )
  assert.equal(formatTable(headers, []), 'TITLE  RELEASE\n')
})

test('on a terminal the last cell is cut at its beginning, unless nothing would be left of it', () => {
  const narrow = formatTable(headers, rows, 40)
  assert.equal(narrow.split('\n')[1], 'web            …g/releases/web-1.0.0.tgz')
  for (const line of narrow.split('\n')) assert.ok(line.length <= 40)
  assert.match(formatTable(headers, rows, 10), /…eases\/web-1\.0\.0\.tgz/)
})
