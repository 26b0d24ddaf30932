import assert from 'node:assert/strict'
import { onEachStore, stopClusterAfterTests } from '../../test/stores.ts'
import type { Caller } from './cloud.ts'
import { guidOf, inWorld } from './testing/world.ts'

stopClusterAfterTests()

onEachStore('2. a slave appears, publishes, stops, returns and leaves; the timestamp grows at each step', (store) =>
  inWorld(store, async ({ cloud, node, request, occupant, timestamp, owner }) => {
    const computer = await node()
    const self: Caller = { kind: 'computer', computer }
    const host = guidOf(await request('host'))
    const at = { computer, partition: 'slappart0' }
    const stamps = [await timestamp(host)]
    const step = async () => {
      const stamp = await timestamp(host)
      assert.ok(stamp > (stamps.at(-1) ?? 0))
      stamps.push(stamp)
      return (await occupant(host)).slaves
    }

    const slave = guidOf(await request('site', { shared: true, parameters: { domain: 'a.example' } }))
    assert.deepEqual(
      (await step()).map(({ reference, parameters }) => [reference, parameters]),
      [[slave, { domain: 'a.example' }]],
    )
    await cloud.instances.publish({ kind: 'instance', instance: host }, at, { url: 'https://a.example/' }, slave)
    const answer = await request('site', { shared: true, parameters: { domain: 'a.example' } })
    assert.deepEqual(answer.kind === 'allocated' && answer.instance.connection, { url: 'https://a.example/' })
    assert.deepEqual((await occupant(host)).slaves[0]?.connection, { url: 'https://a.example/' })
    await request('site', { shared: true, parameters: { domain: 'a.example' }, state: 'stopped' })
    assert.deepEqual(await step(), [])
    await request('site', { shared: true, parameters: { domain: 'a.example' } })
    assert.equal((await step()).length, 1)
    await request('site', { shared: true, state: 'destroyed' })
    assert.deepEqual(await step(), [])
    await assert.rejects(cloud.instances.get(owner, slave), { code: 'NOT_FOUND' })
    assert.equal((await cloud.instances.listSlavesOf(owner, host)).length, 0)
    assert.equal((await cloud.nodes.slaves(self, 'slappart0', undefined)).changed.length, 0)
  }),
)

onEachStore('a slave waits for its host, says so, and is placed when the host appears or returns', (store) =>
  inWorld(store, async ({ cloud, node, request, owner }) => {
    const computer = await node()
    const waiting = await request('site', { shared: true })
    assert.deepEqual(waiting.kind === 'waiting' && waiting.reasons, [
      'no instance of https://example.org/demo/1.0.0/ (default) is there to host it',
    ])
    const slave = guidOf(waiting)
    const host = guidOf(await request('host'))
    await cloud.reconcile()
    assert.equal((await cloud.instances.get(owner, slave)).partition, 'slappart0')
    await request('host', { state: 'destroyed' })
    assert.equal((await cloud.instances.get(owner, slave)).partition, null)
    await request('host')
    await cloud.reconcile()
    assert.equal((await cloud.instances.get(owner, slave)).partition, 'slappart1')
    await cloud.instances.report({ kind: 'computer', computer }, { guid: host }, 'destroyed')
    assert.equal((await cloud.instances.get(owner, slave)).partition, 'slappart1')
  }),
)

onEachStore('instance_guid pins the host; other types and releases do not host', (store) =>
  inWorld(store, async ({ node, request }) => {
    await node()
    await request('first')
    const second = guidOf(await request('second'))
    const pinned = await request('a', { shared: true, filter: { instance_guid: second } })
    assert.equal(pinned.kind === 'allocated' && pinned.instance.partitionId, 'slappart1')
    const spread = await request('b', { shared: true })
    assert.equal(spread.kind === 'allocated' && spread.instance.partitionId, 'slappart0')
    const root = await request('c', { shared: true, softwareType: 'RootSoftwareInstance' })
    assert.equal(root.kind, 'allocated')
    assert.equal((await request('d', { shared: true, softwareType: 'other' })).kind, 'waiting')
    const refused = await request('e', { shared: true, filter: { instance_guid: 'SOFTINST-99' } })
    assert.deepEqual(refused.kind === 'waiting' && refused.reasons, [
      'no instance of https://example.org/demo/1.0.0/ (default) is there to host it: SOFTINST-99 is none',
    ])
  }),
)

onEachStore('deltas: only what changed travels, and a slave change leaves ownRevision alone', (store) =>
  inWorld(store, async ({ cloud, node, request }) => {
    const computer = await node()
    const self: Caller = { kind: 'computer', computer }
    await request('host')
    for (const title of ['s1', 's2', 's3']) await request(title, { shared: true })
    const start = await cloud.nodes.slaves(self, 'slappart0', undefined)
    assert.deepEqual([start.full, start.changed.length], [true, 3])
    const desired = await cloud.nodes.desired(self, undefined)
    assert.equal(desired.full, true)
    assert.deepEqual((await cloud.nodes.desired(self, desired.position)).partitions, [])

    await request('s4', { shared: true })
    await request('s1', { shared: true, state: 'destroyed' })
    const delta = await cloud.nodes.slaves(self, 'slappart0', start.position)
    assert.deepEqual(
      [delta.full, delta.changed.map(({ title }) => title), delta.removed],
      [false, ['s4'], [start.changed[0]?.reference]],
    )
    const next = await cloud.nodes.desired(self, desired.position)
    const [before, after] = [desired.partitions[0]?.occupant, next.partitions[0]?.occupant]
    assert.deepEqual([next.full, next.partitions.length], [false, 1])
    assert.equal(after?.ownRevision, before?.ownRevision)
    assert.notEqual(after?.slavesRevision, before?.slavesRevision)
    assert.notEqual(after?.timestamp, before?.timestamp)
    assert.equal((await cloud.nodes.slaves(self, 'slappart0', 'other:5')).full, true)

    const guid = delta.changed[0]?.reference ?? ''
    await cloud.nodes.publishSlaves(self, 'slappart0', {
      format: 1,
      connections: { [guid]: { u: 'v' }, 'SOFTINST-99': {} },
    })
    assert.deepEqual((await cloud.nodes.slaves(self, 'slappart0', delta.position)).changed, [])
    assert.deepEqual((await cloud.instances.get({ kind: 'system' }, guid)).connection, { u: 'v' })
  }),
)

onEachStore('one more slave costs the same whatever the host has: no other slave is written', (store) =>
  inWorld(store, async ({ cloud, node, request, store: { read } }) => {
    await node()
    await request('host')
    for (let n = 0; n < 60; n += 1) await request(`site ${n}`, { shared: true })
    const snapshot = async () =>
      new Map((await read.selectFrom('hosted_slave').selectAll().execute()).map((row) => [row.slave_id, row.revision]))
    const before = await snapshot()
    const position = (await cloud.nodes.slaves({ kind: 'computer', computer: 'COMP-0' }, 'slappart0', undefined))
      .position
    await request('one more', { shared: true })
    const after = await snapshot()
    assert.deepEqual(
      [...before].filter(([slave, revision]) => after.get(slave) !== revision),
      [],
    )
    const delta = await cloud.nodes.slaves({ kind: 'computer', computer: 'COMP-0' }, 'slappart0', position)
    assert.deepEqual(
      delta.changed.map(({ title }) => title),
      ['one more'],
    )
  }),
)

onEachStore('a node learns of a change by an event that names it, and not of its own reports', (store) =>
  inWorld(store, async ({ cloud, node, request, changes }) => {
    const computer = await node()
    const self: Caller = { kind: 'computer', computer }
    const guid = guidOf(await request('a'))
    const told = changes.length
    await cloud.instances.report(self, { guid }, 'started')
    await cloud.instances.publish(self, { guid }, { url: 'x' })
    assert.deepEqual(
      changes.slice(told).filter((change) => change.computer !== null),
      [],
    )
    await cloud.nodes.command({ kind: 'system' }, computer, { name: 'reprocess', partition: 'slappart0' })
    assert.deepEqual(changes.at(-1)?.command, { name: 'reprocess', partition: 'slappart0' })
    assert.equal(changes.at(-1)?.computer, computer)
  }),
)
