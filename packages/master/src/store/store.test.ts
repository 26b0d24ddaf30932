import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { sql } from 'kysely'
import { onEachStore, stopClusterAfterTests } from '../../test/stores.ts'
import { openStore } from './index.ts'

stopClusterAfterTests()

onEachStore('a transaction that fails leaves nothing; those that succeed are alone', async (store) => {
  const add = (key: string, fail: boolean) =>
    store.tx(async (tx) => {
      await tx.insertInto('meta').values({ key, value: '1' }).execute()
      if (fail) throw new Error('no')
    })
  await assert.rejects(add('a', true), /no/)
  const counts = await Promise.all(
    Array.from({ length: 20 }, () =>
      store.tx(async (tx) => {
        const before = await tx
          .selectFrom('counter')
          .select('value')
          .where('name', '=', 'audit')
          .executeTakeFirstOrThrow()
        await tx
          .updateTable('counter')
          .set({ value: before.value + 1 })
          .where('name', '=', 'audit')
          .execute()
        return before.value + 1
      }),
    ),
  )
  assert.deepEqual(
    counts,
    Array.from({ length: 20 }, (_, n) => n + 1),
  )
  assert.deepEqual(await store.read.selectFrom('meta').selectAll().execute(), [])
})

onEachStore('a transaction inside a transaction is refused instead of waiting for itself', async (store) => {
  await assert.rejects(
    store.tx(() => store.tx(async () => {})),
    { code: 'NESTED_TRANSACTION' },
  )
})

onEachStore('64-bit numbers are plain numbers', async (store) => {
  await store.tx((tx) =>
    tx.updateTable('counter').set({ value: 1_800_000_000_000_000 }).where('name', '=', 'revision').execute(),
  )
  const { value } = await store.read
    .selectFrom('counter')
    .select('value')
    .where('name', '=', 'revision')
    .executeTakeFirstOrThrow()
  assert.equal(value, 1_800_000_000_000_000)
})

async function inTemporaryDirectory(work: (home: string) => Promise<void>): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'master-store-'))
  try {
    await work(home)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

it('a database of a newer version is refused untouched', () =>
  inTemporaryDirectory(async (home) => {
    const url = `sqlite:${join(home, 'state.db')}`
    const store = await openStore({ url })
    await store.tx(async (tx) => {
      await sql`insert into kysely_migration (name, timestamp) values ('9999-future', 'x')`.execute(tx)
    })
    await store.close()
    await assert.rejects(openStore({ url }), { code: 'DATABASE_TOO_NEW', message: /9999-future/ })
  }))

it('an address that is none is refused, without its password', async () => {
  await assert.rejects(
    openStore({ url: 'mysql://me:secret@host/x' }),
    (error: Error) => !error.message.includes('secret'),
  )
})

it('kill -9 in a storm of writes loses nothing that was acknowledged', () =>
  inTemporaryDirectory(async (home) => {
    const url = `sqlite:${join(home, 'state.db')}`
    const child = spawn(process.execPath, [join(import.meta.dirname, 'testing/storm.ts'), url], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let said = ''
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.split('\n').length > 60) child.kill('SIGKILL')
      })
      child.once('close', () => resolve())
    })
    const acknowledged = said.split('\n').slice(0, -1)
    assert.ok(acknowledged.length >= 60)
    const store = await openStore({ url })
    try {
      const rows = await store.read.selectFrom('tree').select('title').execute()
      const titles = new Set(rows.map(({ title }) => title))
      assert.deepEqual(
        acknowledged.filter((title) => !titles.has(title)),
        [],
      )
      const { rows: check } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(store.read)
      assert.equal(check[0]?.integrity_check, 'ok')
    } finally {
      await store.close()
    }
  }))

const mayMount = process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'true']).status === 0

it('a full disk refuses the write with a clear error, keeps the rest, and heals', { skip: !mayMount }, () =>
  inTemporaryDirectory(async (home) => {
    assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', home]).status, 0)
    try {
      const store = await openStore({ url: `sqlite:${join(home, 'state.db')}` })
      try {
        const put = (key: string, value: string) =>
          store.tx(async (tx) => void (await tx.insertInto('meta').values({ key, value }).execute()))
        await put('before', 'kept')
        await assert.rejects(writeFile(join(home, 'ballast'), Buffer.alloc(4_000_000)), { code: 'ENOSPC' })
        await assert.rejects(put('large', 'x'.repeat(300_000)), { code: 'DATABASE_UNWRITABLE', message: /disk/ })
        await rm(join(home, 'ballast'))
        await put('after', 'works')
        const rows = await store.read.selectFrom('meta').select('key').orderBy('key').execute()
        assert.deepEqual(
          rows.map(({ key }) => key),
          ['after', 'before'],
        )
      } finally {
        await store.close()
      }
    } finally {
      spawnSync('umount', [home])
    }
  }),
)
