import assert from 'node:assert/strict'
import { silentLogger, systemClock } from '@slapos/base'
import { onEachStore, stopClusterAfterTests } from '../../test/stores.ts'
import { openCatalogue } from '../catalog/cases.ts'
import { createCloud } from './create-cloud.ts'
import { newEpoch } from './epoch.ts'
import { guidOf, inWorld, SYSTEM } from './testing/world.ts'

stopClusterAfterTests()

onEachStore('changes are numbered without gap, in order, and can be read again from any position', (store) =>
  inWorld(store, async ({ cloud, node, request, changes }) => {
    const start = await cloud.position()
    await node()
    await Promise.all(['a', 'b', 'c'].map((title) => request(title)))
    await cloud.reconcile()
    const numbers = changes.map(({ id }) => Number(id.split(':')[1]))
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => (numbers[0] ?? 0) + index),
    )
    assert.ok(changes.every(({ id }) => id.startsWith(`${cloud.epoch}:`)))
    const read = await cloud.changesSince(start, 1000)
    assert.deepEqual(read, changes)
    assert.deepEqual(await cloud.changesSince(await cloud.position(), 10), [])
    assert.equal(await cloud.changesSince('other:1', 10), undefined)
    assert.equal(await cloud.changesSince(`${cloud.epoch}:999999`, 10), undefined)
    assert.ok(
      changes.some(
        ({ kind, reference, computer }) =>
          kind === 'partition' && reference === 'COMP-0/slappart0' && computer === 'COMP-0',
      ),
    )
  }),
)

onEachStore('a restored database starts another epoch: everything is fetched anew, no number is given twice', (store) =>
  inWorld(store, async ({ cloud, clock, node, request, timestamp }) => {
    const computer = await node()
    const self = { kind: 'computer', computer } as const
    const guid = guidOf(await request('a'))
    const processed = await timestamp(guid)
    const { position } = await cloud.nodes.desired(self, undefined)
    const slaves = await cloud.nodes.slaves(self, 'slappart0', undefined)
    await newEpoch(store, clock.now())
    assert.ok((await timestamp(guid)) > processed, 'existing nodes, which know no epoch, process it again')
    const restored = await createCloud({ store, clock: systemClock, logger: silentLogger, catalogue: openCatalogue() })
    try {
      assert.notEqual(restored.epoch, cloud.epoch)
      assert.equal((await restored.nodes.desired(self, position)).full, true)
      assert.equal((await restored.nodes.slaves(self, 'slappart0', slaves.position)).full, true)
      assert.equal(await restored.changesSince(position, 10), undefined)
      const next = await restored.instances.request(SYSTEM, {
        title: 'b',
        releaseUrl: 'u',
        softwareType: 't',
        parameters: {},
        filter: {},
        state: 'started',
        shared: false,
      })
      assert.ok(Number(guidOf(next).replace('SOFTINST-', '')) > 1000)
    } finally {
      await restored.close()
    }
  }),
)

onEachStore('revisions grow even when the clock goes back', (store) =>
  inWorld(store, async ({ clock, node, request, timestamp }) => {
    await node()
    const guid = guidOf(await request('a'))
    const before = await timestamp(guid)
    clock.advance(-3_600_000)
    await request('a', { parameters: { x: '1' } })
    assert.equal(await timestamp(guid), before + 1)
  }),
)

onEachStore('who did what to what is kept, and shown to managers only', (store) =>
  inWorld(store, async ({ cloud, owner, project, node, request }) => {
    await node()
    await request('a')
    const entries = await cloud.audit.list(owner, { project })
    assert.deepEqual(entries.map(({ action }) => action).slice(0, 2), ['instance.allocate', 'instance.create'])
    assert.equal(entries[0]?.actor, owner.kind === 'person' ? owner.person : '')
    const member = await cloud.people.create(SYSTEM, { name: 'M', email: '' })
    await cloud.projects.setRole(SYSTEM, project, member, 'member')
    await assert.rejects(cloud.audit.list({ kind: 'person', person: member, via: 'session' }, {}), {
      code: 'NOT_ALLOWED',
    })
  }),
)
