import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { makePrivate } from './private-file.ts'

test('a database and its companions are for their owner only, also where they were not before', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'slapos-private-'))
  const mode = async (name: string) => ((await stat(join(directory, name))).mode & 0o777).toString(8)
  try {
    const path = join(directory, 'new.db')
    makePrivate(path)
    const database = new DatabaseSync(path)
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (x)')
    assert.deepEqual(await Promise.all(['new.db', 'new.db-wal', 'new.db-shm'].map(mode)), ['600', '600', '600'])
    database.close()
    for (const name of ['old.db', 'old.db-wal']) await writeFile(join(directory, name), '', { mode: 0o644 })
    makePrivate(join(directory, 'old.db'))
    assert.deepEqual(await Promise.all(['old.db', 'old.db-wal'].map(mode)), ['600', '600'])
  } finally {
    await rm(directory, { recursive: true })
  }
})
