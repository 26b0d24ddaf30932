import assert from 'node:assert/strict'
import { onEachStore, stopClusterAfterTests } from '../../../test/stores.ts'
import { inWorld } from '../testing/world.ts'

stopClusterAfterTests()

onEachStore('what was asked for before a change is kept, the last 50 times, until the service is destroyed', (store) =>
  inWorld(store, async ({ request }) => {
    const kept = () => store.read.selectFrom('earlier_version').selectAll().orderBy('revision', 'desc').execute()
    await request('web', { parameters: { n: '0' } })
    await request('web', { parameters: { n: '0' } })
    assert.deepEqual(await kept(), [])
    await request('web', { parameters: { n: '0' }, state: 'stopped' })
    assert.deepEqual(await kept(), [], 'starting and stopping is no other version')
    for (let n = 1; n <= 52; n += 1) await request('web', { parameters: { n: String(n) } })
    const rows = await kept()
    assert.equal(rows.length, 50)
    assert.deepEqual(
      [rows[0], rows.at(-1)].map((row) => row?.parameters_json),
      ['{"n":"51"}', '{"n":"2"}'],
    )
    await request('web', { state: 'destroyed' })
    assert.deepEqual(await kept(), [])
  }),
)
