import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it, type TestContext } from 'node:test'
import { hasPostgres, type PostgresCluster, startPostgres } from '@slapos/testkit/postgres.ts'
import { openStore, type Store } from '../src/store/index.ts'

let cluster: Promise<PostgresCluster> | undefined

/** Runs a test on SQLite and on a real PostgreSQL, each time on an empty database. */
export function onEachStore(name: string, test: (store: Store, t: TestContext) => Promise<void>): void {
  it(`${name} (SQLite)`, async (t) => {
    const home = await mkdtemp(join(tmpdir(), 'master-store-'))
    const store = await openStore({ url: `sqlite:${join(home, 'state.db')}` })
    try {
      await test(store, t)
    } finally {
      await store.close()
      await rm(home, { recursive: true })
    }
  })
  it(`${name} (PostgreSQL)`, { skip: !hasPostgres() }, async (t) => {
    cluster ??= startPostgres()
    const store = await openStore({ url: await (await cluster).database() })
    try {
      await test(store, t)
    } finally {
      await store.close()
    }
  })
}

/** The same for a suite that keeps one database: `database` answers the address of an empty one; undefined: SQLite. */
export function describeOnEachStore(name: string, suite: (database: () => Promise<string | undefined>) => void): void {
  describe(`${name} (SQLite)`, () => suite(async () => undefined))
  describe(`${name} (PostgreSQL)`, { skip: !hasPostgres() }, () =>
    suite(async () => {
      cluster ??= startPostgres()
      return (await cluster).database()
    }),
  )
}

/** To be called once by each file that uses `onEachStore`. */
export function stopClusterAfterTests(): void {
  after(async () => {
    await (await cluster)?.stop()
  })
}
