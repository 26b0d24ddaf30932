import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { isSlapError } from '@slapos/base'
import { requirePrograms } from './programs.ts'

test('a missing program is one line with the command that brings it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slapos-programs-'))
  try {
    for (const program of ['s6-svscan', 's6-supervise', 'ip']) {
      writeFileSync(join(folder, program), '')
      chmodSync(join(folder, program), 0o755)
    }
    assert.throws(
      () => requirePrograms(folder, []),
      (error) =>
        isSlapError(error) && error.line === 'setpriv is not installed. Run: sudo apt-get install -y util-linux',
    )
    writeFileSync(join(folder, 'setpriv'), '')
    requirePrograms(folder, [])
    requirePrograms('', [folder])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
