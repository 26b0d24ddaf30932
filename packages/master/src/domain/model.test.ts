import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import type { InstanceState } from '@slapos/slap'
import fc from 'fast-check'
import { openStore, type Store } from '../store/index.ts'
import { inWorld, type World } from './testing/world.ts'

/**
 * Random sequences of requests and reports against a small model: which titles live, in which state; and after each
 * step, what must hold in the database whatever happened.
 */
const numRuns = Number(process.env['SLAPOS_RUNS'] ?? 12)

type Step =
  | {
      readonly do: 'request'
      readonly title: string
      readonly state: InstanceState
      readonly shared: boolean
      readonly p: string
    }
  | { readonly do: 'child'; readonly of: string; readonly title: string; readonly state: InstanceState }
  | { readonly do: 'destroyed'; readonly partition: number }
  | { readonly do: 'reconcile' }

const state = fc.constantFrom<InstanceState>('started', 'started', 'stopped', 'destroyed')
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('request' as const),
    title: fc.constantFrom('a', 'b', 'c'),
    state,
    shared: fc.boolean(),
    p: fc.constantFrom('1', '2'),
  }),
  fc.record({
    do: fc.constant('child' as const),
    of: fc.constantFrom('a', 'b', 'c'),
    title: fc.constantFrom('x', 'y'),
    state,
  }),
  fc.record({ do: fc.constant('destroyed' as const), partition: fc.nat(3) }),
  fc.constant({ do: 'reconcile' as const }),
)

it('random requests and reports keep every invariant and agree with the model', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const home = await mkdtemp(join(tmpdir(), 'master-model-'))
      const store = await openStore({ url: `sqlite:${join(home, 'state.db')}` })
      try {
        await inWorld(store, (world) => play(world, steps))
      } finally {
        await store.close()
        await rm(home, { recursive: true })
      }
    }),
    { numRuns },
  )
})

async function play(world: World, steps: readonly Step[]): Promise<void> {
  const { cloud, owner, node, request, store } = world
  const computer = await node({ partitions: 4 })
  const roots = new Map<string, { shared: boolean; state: InstanceState }>()
  let revision = cloud.nodes.revision(computer)
  for (const one of steps) {
    if (one.do === 'request') {
      const known = roots.get(one.title)
      const asked = request(one.title, { state: one.state, shared: one.shared, parameters: { p: one.p } })
      if (known && known.shared !== one.shared && one.state !== 'destroyed') {
        await assert.rejects(asked, { code: 'KIND_SWITCH' })
      } else {
        const answer = await asked
        assert.equal(answer.kind === 'nothing', one.state === 'destroyed')
        if (one.state === 'destroyed') roots.delete(one.title)
        else roots.set(one.title, { shared: one.shared, state: one.state })
      }
    }
    if (one.do === 'child') await child(world, one, roots.get(one.of))
    if (one.do === 'destroyed') {
      const place = { computer, partition: `slappart${one.partition}` }
      await cloud.instances.report({ kind: 'computer', computer }, place, 'destroyed').catch((error: unknown) => {
        assert.equal((error as { code?: string }).code, 'NOT_FOUND')
      })
    }
    if (one.do === 'reconcile') await cloud.reconcile()
    const living = await cloud.instances.listRoots(owner)
    assert.deepEqual(
      living.map(({ title, state }) => `${title} ${state}`).sort(),
      [...roots].map(([title, { state }]) => `${title} ${state}`).sort(),
    )
    assert.ok(cloud.nodes.revision(computer) >= revision)
    revision = cloud.nodes.revision(computer)
    await invariants(store)
  }
}

async function child(
  world: World,
  one: Extract<Step, { do: 'child' }>,
  root: { shared: boolean; state: InstanceState } | undefined,
) {
  if (!root || root.shared) return
  const { guid } = await world.cloud.instances.root(world.owner, one.of)
  const self = { kind: 'instance', instance: guid } as const
  const answer = await world.request(one.title, { state: one.state }, self)
  assert.equal(answer.kind === 'nothing', one.state === 'destroyed')
  if (answer.kind === 'allocated') assert.equal(answer.instance.state, root.state === 'stopped' ? 'stopped' : one.state)
}

async function invariants({ read }: Store): Promise<void> {
  const instances = await read.selectFrom('instance').selectAll().execute()
  const partitions = await read.selectFrom('partition').selectAll().execute()
  const hosted = await read.selectFrom('hosted_slave').selectAll().where('present', '=', 1).execute()
  for (const partition of partitions) {
    const here = instances.filter(({ partition_id }) => partition_id === partition.id)
    const occupants = here.filter(({ shared }) => shared === 0)
    const slaves = here.filter(({ shared }) => shared === 1)
    assert.equal(occupants.length, partition.state === 'busy' ? 1 : 0)
    assert.equal(slaves.length, partition.slave_count)
    if (slaves.length > 0) assert.notEqual(occupants[0]?.state, 'destroyed')
    assert.deepEqual(
      hosted
        .filter(({ partition_id }) => partition_id === partition.id)
        .map(({ slave_id }) => slave_id)
        .sort(),
      slaves
        .filter((slave) => slave.state === 'started')
        .map(({ id }) => id)
        .sort(),
    )
    assert.ok(partition.revision >= partition.own_revision && partition.touched >= partition.revision)
  }
  for (const { id, free_count, busy_count } of await read.selectFrom('computer').selectAll().execute()) {
    const states = partitions.filter(({ computer_id }) => computer_id === id).map(({ state }) => state)
    const count = (wanted: string) => states.filter((state) => state === wanted).length
    assert.deepEqual([free_count, busy_count], [count('free'), count('busy')])
  }
  for (const { live, state, shared, partition_id, waiting_since } of instances) {
    if (live === 0) assert.deepEqual([state, partition_id], ['destroyed', null])
    // Nobody reports slaves: they end at once.
    if (shared && state === 'destroyed') assert.equal(live, 0)
    if (live === 1 && partition_id === null) assert.notEqual(waiting_since, null)
  }
  const [project] = await read.selectFrom('project').selectAll().execute()
  const living = instances.filter(({ live }) => live === 1)
  assert.deepEqual(
    [project?.instance_count, project?.slave_count],
    [living.filter(({ shared }) => shared === 0).length, living.filter(({ shared }) => shared === 1).length],
  )
}
