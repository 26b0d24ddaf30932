import assert from 'node:assert/strict'
import { onEachStore, stopClusterAfterTests } from '../../test/stores.ts'
import { insertion, prepared, type Store } from './index.ts'

stopClusterAfterTests()

const addMeta = insertion('meta')
const metaAfter = prepared((db, { after, value }: { after: string; value: string }) =>
  db
    .selectFrom('meta')
    .select('key')
    .where('key', '>', after)
    .where('value', '=', value)
    .where('key', '<>', 'epoch')
    .orderBy('key')
    .limit(2),
)

const keys = async (db: Store['read'], after: string, value = 'v') =>
  (await metaAfter(db, { after, value })).map(({ key }) => key)

onEachStore('a statement that was built once is run with the values of each call', async (store) => {
  await store.tx((sql) => addMeta(sql, [{ key: 'a', value: 'v' }]))
  await store.tx((sql) => addMeta(sql, [{ key: 'b', value: 'v' }]))
  await store.tx((sql) =>
    addMeta(sql, [
      { key: 'c', value: 'v' },
      { key: 'd', value: 'w' },
    ]),
  )
  assert.deepEqual(await keys(store.read, ''), ['a', 'b'])
  assert.deepEqual(await keys(store.read, 'a'), ['b', 'c'])
  assert.deepEqual(await keys(store.read, '', 'w'), ['d'])
  assert.deepEqual(await store.tx((sql) => keys(sql, 'b')), ['c'])
})

onEachStore('columns are taken by name, in whatever order a row has them; no rows are no statement', async (store) => {
  await store.tx((sql) => addMeta(sql, []))
  await store.tx((sql) => addMeta(sql, [{ key: 'a', value: 'v' }]))
  await store.tx((sql) =>
    addMeta(sql, [
      { value: 'v', key: 'b' },
      { key: 'c', value: 'v' },
    ]),
  )
  assert.deepEqual(await keys(store.read, 'a'), ['b', 'c'])
})

onEachStore('many rows at once', async (store) => {
  const rows = Array.from({ length: 40 }, (_, n) => ({ key: `k${n}`, value: 'many' }))
  await store.tx((sql) => addMeta(sql, rows))
  assert.equal((await store.read.selectFrom('meta').where('value', '=', 'many').select('key').execute()).length, 40)
})
