import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { collectErrors, errorPage, renderErrorPage } from './error-table.ts'

test('docs/errors.md lists exactly the errors that exist', async () => {
  const expected = renderErrorPage(await collectErrors())
  assert.equal(await readFile(errorPage, 'utf8'), expected, 'run: node scripts/error-table.ts')
})

test('every error says what to do next, in sentences', async () => {
  for (const [name, rows] of await collectErrors()) {
    const codes = rows.map((row) => row.code)
    assert.equal(new Set(codes).size, codes.length, `${name} declares a code twice`)
    for (const row of rows) {
      assert.notEqual(row.what, '', row.code)
    }
  }
})
