import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

test('the panel has no type error (it has settings of its own: JSX, DOM)', async () => {
  const panel = join(import.meta.dirname, '..')
  const compiler = join(panel, '../../node_modules/typescript/bin/tsc')
  const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile(process.execPath, [compiler, '-p', panel, '--noEmit'], (error, output) =>
      resolve({ code: error?.code ?? 0, output }),
    )
  })
  assert.equal(code, 0, output)
})
