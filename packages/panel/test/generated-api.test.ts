import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { generatedApi } from '../tools/generate-api.ts'

test('the committed API document and types are those of the routes (npm run generate -w @slapos/panel)', async () => {
  for (const [file, text] of await generatedApi()) assert.equal(await readFile(file, 'utf8'), text, file.pathname)
})
