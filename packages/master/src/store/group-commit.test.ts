import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import fc from 'fast-check'
import { onEachStore, stopClusterAfterTests } from '../../test/stores.ts'
import { openSqlite } from './dialect/sqlite/open.ts'
import { GroupCommit, type Transactions } from './group-commit.ts'
import { openStore } from './index.ts'
import type { Sql } from './schema.ts'

stopClusterAfterTests()

const put = (key: string) => (sql: Sql) => sql.insertInto('meta').values({ key, value: '' }).execute()

/** Works that wait together on a database of its own, and how their transactions were made. */
async function inGroup(
  test: (
    group: GroupCommit,
    keys: () => Promise<readonly string[]>,
    made: { alone: number; shared: number },
  ) => unknown,
  change: (usual: Transactions) => Partial<Transactions> = () => ({}),
): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'group-commit-'))
  const path = join(home, 'state.db')
  await (await openStore({ url: `sqlite:${path}` })).close()
  const { write, worthRetrying, surelyUndone } = openSqlite(path)
  const made = { alone: 0, shared: 0 }
  const usual: Transactions = {
    alone(work) {
      made.alone += 1
      return write.transaction().execute(work)
    },
    once(work) {
      made.shared += 1
      return write.transaction().execute(work)
    },
    ends: worthRetrying,
    surelyUndone,
  }
  try {
    const keys = async () => (await write.selectFrom('meta').select('key').orderBy('key').execute()).map((r) => r.key)
    await test(new GroupCommit({ ...usual, ...change(usual) }), keys, made)
  } finally {
    await write.destroy()
    await rm(home, { recursive: true })
  }
}

const refused = new Error('refused')

it('works that wait at the same moment share a transaction; one that comes alone has its own', () =>
  inGroup(async (group, keys, made) => {
    await Promise.all(['a', 'b', 'c'].map((key) => group.run(put(key))))
    assert.deepEqual(made, { alone: 0, shared: 1 })
    await group.run(put('d'))
    assert.deepEqual(made, { alone: 1, shared: 1 })
    assert.deepEqual(await keys(), ['a', 'b', 'c', 'd'])
  }))

it('callers are answered in the order of their works, after the commit only', () => {
  const told: string[] = []
  return inGroup(
    async (group) => {
      await Promise.all(['a', 'b', 'c'].map(async (key) => told.push(`${key}: ${await group.run(async () => key)}`)))
      assert.deepEqual(told, ['committed', 'a: a', 'b: b', 'c: c'])
    },
    (usual) => ({
      async once(work) {
        await usual.once(work)
        told.push('committed')
      },
    }),
  )
})

it('when the shared transaction is lost each work runs again by itself', () =>
  inGroup(
    async (group, keys, made) => {
      const fails = async (sql: Sql) => {
        await put('b')(sql)
        throw refused
      }
      const [a, b, c] = await Promise.allSettled([group.run(put('a')), group.run(fails), group.run(put('c'))])
      assert.deepEqual([a?.status, b?.status, c?.status], ['fulfilled', 'rejected', 'fulfilled'])
      assert.equal(made.alone, 3)
      assert.deepEqual(await keys(), ['a', 'c'])
    },
    (usual) => ({
      once: (work) =>
        usual.once(async (sql) => {
          await work(sql)
          throw new Error('the disk is full')
        }),
    }),
  ))

it('a commit whose end nobody knows is not done again', () =>
  inGroup(
    async (group, keys, made) => {
      const results = await Promise.allSettled(['a', 'b'].map((key) => group.run(put(key))))
      assert.deepEqual(
        results.map(({ status }) => status),
        ['rejected', 'rejected'],
      )
      assert.equal(made.alone, 0)
      assert.deepEqual(await keys(), ['a', 'b'])
    },
    (usual) => ({
      surelyUndone: () => false,
      async once(work) {
        await usual.once(work)
        throw new Error('connection lost')
      },
    }),
  ))

onEachStore('whatever comes together, each work is there in full or not at all', (store) => {
  let run = 0
  const work = fc.record({ fails: fc.boolean(), statement: fc.boolean(), turn: fc.nat(2) })
  return fc.assert(
    fc.asyncProperty(fc.array(work, { maxLength: 12 }), async (works) => {
      run += 1
      const key = (index: number, part: string) => `${run}.${index}.${part}`
      const results = await Promise.allSettled(
        works.map(async ({ fails, statement, turn }, index) => {
          for (let n = 0; n < turn; n++) await new Promise((resolve) => setImmediate(resolve))
          return store.tx(async (sql) => {
            await put(key(index, 'first'))(sql)
            if (fails && statement) await put(key(index, 'first'))(sql) // twice the same key: refused by the database
            if (fails) throw refused
            await put(key(index, 'second'))(sql)
            return index
          })
        }),
      )
      const rows = await store.read.selectFrom('meta').select('key').where('key', 'like', `${run}.%`).execute()
      assert.deepEqual(
        rows.map((row) => row.key).sort(),
        works.flatMap(({ fails }, i) => (fails ? [] : [key(i, 'first'), key(i, 'second')])).sort(),
      )
      assert.deepEqual(
        results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed')),
        works.map(({ fails }, index) => (fails ? 'failed' : index)),
      )
    }),
    { numRuns: 25 },
  )
})
