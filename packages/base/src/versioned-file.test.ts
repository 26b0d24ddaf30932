import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { readVersioned, writeVersioned } from './versioned-file.ts'

let directory = ''
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slapos-base-'))
})
after(() => rm(directory, { recursive: true }))

test('what is written is read, with the asked mode and no leftover', async () => {
  const path = join(directory, 'a.json')
  await writeVersioned(path, 2, { name: 'x' }, { mode: 0o600 })
  assert.deepEqual(await readVersioned(path, 2), { format: 2, name: 'x' })
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.deepEqual(await readdir(directory), ['a.json'])
})

test('the format before is accepted, a newer one refused by name, an absent file is undefined', async () => {
  const path = join(directory, 'b.json')
  await writeVersioned(path, 1, {})
  assert.deepEqual(await readVersioned(path, 2), { format: 1 })
  await writeVersioned(path, 9, {})
  await assert.rejects(readVersioned(path, 2), { code: 'FILE_TOO_NEW' })
  assert.equal(await readVersioned(join(directory, 'none.json'), 1), undefined)
})

test('a damaged file is refused by name', async () => {
  const path = join(directory, 'c.json')
  for (const content of ['{', '[]', 'null', '{}', '{"format":"1"}']) {
    await writeFile(path, content)
    await assert.rejects(readVersioned(path, 1), { code: 'FILE_DAMAGED' }, content)
  }
})
