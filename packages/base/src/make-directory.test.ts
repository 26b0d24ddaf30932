import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeDirectory } from './make-directory.ts'

let root: string

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'slapos-make-directory-'))
})
after(() => rm(root, { recursive: true, force: true }))

test('makes a directory and those above it, once', async () => {
  const path = join(root, 'a/b/c')
  assert.equal(await makeDirectory(path, 0o700), true)
  assert.equal((await stat(join(root, 'a'))).mode & 0o777, 0o700)
  assert.equal(await makeDirectory(path, 0o700), false)
  assert.equal(await makeDirectory(root), false)
})

test('many at once make one', async () => {
  const made = await Promise.all(Array.from({ length: 20 }, () => makeDirectory(join(root, 'at/once'))))
  assert.equal(made.filter((one) => one).length, 1)
})

test('fails where nothing can be made, instead of trying for ever', { timeout: 120_000 }, async () => {
  await assert.rejects(makeDirectory('/proc/slapos/data'), { code: 'ENOENT' })
})

test('fails at a file and at a link that leads nowhere', async () => {
  await writeFile(join(root, 'file'), '')
  await symlink(join(root, 'nothing'), join(root, 'link'))
  await assert.rejects(makeDirectory(join(root, 'file')), { code: 'EEXIST' })
  await assert.rejects(makeDirectory(join(root, 'file/below')), { code: 'ENOTDIR' })
  await assert.rejects(makeDirectory(join(root, 'link')), { code: 'EEXIST' })
})
