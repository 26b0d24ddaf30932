import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { collectErrors, errorPage, renderErrorPage } from './error-table.ts'

const root = join(import.meta.dirname, '..')

test('docs/errors.md lists exactly the errors that exist', async () => {
  const expected = renderErrorPage(await collectErrors())
  assert.equal(await readFile(errorPage, 'utf8'), expected, 'run: node scripts/error-table.ts')
})

test('commands end with exit codes that the page explains', async () => {
  const sources = await Array.fromAsync(glob('packages/{cli,node,master,release}/src/**/*.ts', { cwd: root }))
  const commands = sources.filter((file) => /cli.src|.commands.|check\.ts/.test(file) && !file.includes('.test.'))
  assert.ok(commands.length > 30)
  for (const file of commands) {
    const text = await readFile(join(root, file), 'utf8')
    assert.doesNotMatch(text, /\bfinish\([1-9]|process\.exit\(\d|exitCode = \d/, `${file}: name the code as in EXIT`)
    if (/\bEXIT\b/.test(text)) assert.doesNotMatch(text, /return [1-9]\d*$/m, `${file}: name the code as in EXIT`)
  }
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
