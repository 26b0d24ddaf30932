import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { type Kysely, Migrator, sql } from 'kysely'
import { describeOnEachStore, stopClusterAfterTests } from '../../../test/stores.ts'
import { openPostgres } from '../dialect/postgres/open.ts'
import { openSqlite } from '../dialect/sqlite/open.ts'
import { openStore } from '../index.ts'
import type { Schema } from '../schema.ts'
import { migrations } from './index.ts'

stopClusterAfterTests()

describeOnEachStore('a database of an older version comes along with its data', (database) => {
  it('0005: the partitions of each node are counted', async () => {
    const home = await mkdtemp(join(tmpdir(), 'master-upgrade-'))
    try {
      const url = (await database()) ?? `sqlite:${join(home, 'state.db')}`
      await atVersion(url, '0004-bundled-schemas', async (db) => {
        for (const computer of [0, 1]) {
          await sql`insert into computer (id, reference, project_id, title, live, scope, visibility, categories_json,
            revision, created_at) values (${computer}, ${`COMP-${computer}`}, 1, ${`node ${computer}`}, 1, 'open',
            'project', '{}', 1, 1)`.execute(db)
        }
        for (const [id, state] of ['free', 'busy', 'busy', 'inactive'].entries()) {
          await sql`insert into "partition" values (${id}, 1, ${`slappart${id}`}, ${id}, ${state}, 1, '[]', '[]', '[]',
            1, 1, 1, 1, 0, 0)`.execute(db)
        }
      })
      const store = await openStore({ url })
      const counts = await store.read
        .selectFrom('computer')
        .select(['reference', 'free_count', 'busy_count'])
        .orderBy('id')
        .execute()
      await store.close()
      assert.deepEqual(
        counts.map((row) => ({ ...row })),
        [
          { reference: 'COMP-0', free_count: 0, busy_count: 0 },
          { reference: 'COMP-1', free_count: 1, busy_count: 2 },
        ],
      )
    } finally {
      await rm(home, { recursive: true })
    }
  })
})

async function atVersion(url: string, version: string, fill: (db: Kysely<Schema>) => Promise<void>): Promise<void> {
  const { write } = url.startsWith('sqlite:') ? openSqlite(url.slice('sqlite:'.length)) : openPostgres(url)
  try {
    const provider = { getMigrations: async () => ({ ...migrations }) }
    const { error } = await new Migrator({ db: write, provider }).migrateTo(version)
    assert.equal(error, undefined)
    await fill(write)
  } finally {
    await write.destroy()
  }
}
