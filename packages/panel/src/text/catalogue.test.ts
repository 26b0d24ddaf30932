import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { catalogue } from './catalogue.ts'

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort().join(' ')

test('every text has French and Chinese with the same placeholders', () => {
  for (const [english, translations] of Object.entries(catalogue)) {
    for (const text of translations) {
      assert.notEqual(text.trim(), '', english)
      assert.equal(placeholders(text), placeholders(english), english)
    }
  }
})

test('every text that the source names is in the catalogue', async () => {
  const source = join(import.meta.dirname, '..')
  for await (const file of glob('**/*.{ts,tsx}', { cwd: source })) {
    const code = await readFile(join(source, file), 'utf8')
    for (const [, key = ''] of code.matchAll(/\bt\(\s*'((?:[^'\\]|\\.)*)'/g)) {
      assert.ok(Object.hasOwn(catalogue, key.replaceAll("\\'", "'")), `${file}: ${key}`)
    }
  }
})

test('no text stands in two files', async () => {
  const found = new Map<string, string>()
  for await (const file of glob('*.ts', { cwd: join(import.meta.dirname, 'catalogue') })) {
    const areas: Readonly<Record<string, object>> = await import(`./catalogue/${file}`)
    for (const text of Object.values(areas).flatMap((area) => Object.keys(area))) {
      assert.equal(found.get(text), undefined, `${file}: ${text}`)
      found.set(text, file)
    }
  }
  assert.equal(found.size, Object.keys(catalogue).length)
})
