import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { openStore } from '../store/index.ts'
import { StatementLog } from './testing/statements.ts'
import { guidOf, inWorld, SYSTEM, type World } from './testing/world.ts'

/** What a use case may cost, in statements of its transaction. More is a decision, taken here. */
const BUDGET = {
  'new service': 27,
  'the same again': 8,
  'other parameters': 18,
  'new child': 28,
  'new slave': 26,
  'published results': 11,
  'a report': 9,
  stopped: 20,
  destroyed: 26,
} as const

type Costs = Readonly<Record<keyof typeof BUDGET, readonly string[]>>

it('what a use case costs depends on what it changes, not on what is there', async () => {
  const small = await costs(1, 0)
  const large = await costs(8, 60)
  assert.deepEqual(large, small)
  const budgets = new Map<string, number>(Object.entries(BUDGET))
  const beyond = Object.entries(small).filter(([name, statements]) => statements.length > (budgets.get(name) ?? 0))
  assert.deepEqual(beyond, [])
})

it('a request that changes nothing writes nothing', async () => {
  const { 'the same again': again } = await costs(1, 3)
  assert.deepEqual(
    again.filter((sql) => !sql.startsWith('select')),
    [],
  )
})

/** Of each use case, in a cloud where `crowd` services are on `nodes` nodes already. */
async function costs(nodes: number, crowd: number): Promise<Costs> {
  const home = await mkdtemp(join(tmpdir(), 'master-statements-'))
  const store = await openStore({ url: `sqlite:${join(home, 'state.db')}` })
  using log = new StatementLog()
  const found: { costs?: Costs } = {}
  try {
    await inWorld(store, async (world) => {
      for (let n = 0; n < nodes; n++) await world.node({ partitions: 30 })
      for (let n = 0; n < crowd; n++) await world.request(`crowd ${n}`)
      found.costs = await walk(world, async (work) => {
        await world.cloud.reconcile()
        return log.of(work)
      })
    })
  } finally {
    await store.close()
    await rm(home, { recursive: true })
  }
  assert.ok(found.costs)
  return found.costs
}

async function walk(world: World, of: StatementLog['of']): Promise<Costs> {
  const { cloud, request } = world
  const guid = guidOf(await request('subject'))
  const at = { guid }
  // On the same node, so that both clouds are asked for the same work.
  const { computer } = await cloud.instances.get(SYSTEM, guid)
  const here = { filter: { computer_guid: computer ?? '' } }
  const hosted = { shared: true, filter: { instance_guid: guid } }
  const self = { kind: 'instance', instance: guid } as const
  const parameters = { text: 'other' }
  return {
    'new service': await of(() => request('new')),
    'the same again': await of(() => request('new')),
    'other parameters': await of(() => request('subject', { parameters })),
    'new child': await of(() => request('child', here, self)),
    'new slave': await of(() => request('slave', hosted)),
    'published results': await of(() => cloud.instances.publish(SYSTEM, at, { url: 'https://example.org/' })),
    'a report': await of(() => cloud.instances.report(SYSTEM, at, 'started')),
    stopped: await of(() => request('subject', { parameters, state: 'stopped' })),
    destroyed: await of(() => request('subject', { state: 'destroyed' })),
  }
}
