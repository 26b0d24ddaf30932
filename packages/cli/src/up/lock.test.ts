import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { homeAt } from './home.ts'
import { lockHome } from './lock.ts'

let root = ''
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'slapos-lock-'))
})
after(() => rm(root, { recursive: true }))

test('a second cloud in the same home is refused by process number, and the lock goes with its owner', async () => {
  {
    await using _lock = await lockHome(homeAt(root))
    await assert.rejects(lockHome(homeAt(root)), { code: 'HOME_IN_USE' })
  }
  assert.deepEqual(await readdir(root), [])
})

test('a lock left by a dead process, or by one whose number was reused, does not count', async () => {
  for (const left of ['4194303 1', `${process.pid} 1`, 'damaged', '']) {
    await writeFile(join(root, 'up.lock'), left)
    await using _lock = await lockHome(homeAt(root))
  }
})
