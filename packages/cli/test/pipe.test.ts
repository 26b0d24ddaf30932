import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

const program = join(import.meta.dirname, '../bin/slapos')

test('a reader that has seen enough is no error', () => {
  const script = '"$1" completion fish | true; exit "${PIPESTATUS[0]}"'
  const { status, stderr } = spawnSync('bash', ['-c', script, 'bash', program], { encoding: 'utf8' })
  assert.deepEqual([status, stderr], [0, ''])
})
