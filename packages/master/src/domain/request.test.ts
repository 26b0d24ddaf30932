import assert from 'node:assert/strict'
import { onEachStore, stopClusterAfterTests } from '../../test/stores.ts'
import type { Caller } from './cloud.ts'
import { guidOf, inWorld, wanted } from './testing/world.ts'

stopClusterAfterTests()

const as = (guid: string): Caller => ({ kind: 'instance', instance: guid })

onEachStore('3. an identical request changes nothing; a changed parameter reprocesses once', (store) =>
  inWorld(store, async ({ node, request, timestamp, changes, cloud }) => {
    const computer = await node()
    const guid = guidOf(await request('web', { parameters: { a: '1', b: '2' } }))
    const [before, revision, told] = [await timestamp(guid), cloud.nodes.revision(computer), changes.length]
    await request('web', { parameters: { b: '2', a: '1' } })
    assert.deepEqual([await timestamp(guid), cloud.nodes.revision(computer), changes.length], [before, revision, told])
    await request('web', { parameters: { a: '1', b: '3' } })
    const after = await timestamp(guid)
    assert.ok(after > before)
    await request('web', { parameters: { a: '1', b: '3' } })
    assert.equal(await timestamp(guid), after)
  }),
)

onEachStore('3b. the release of a root may change: that is the upgrade', (store) =>
  inWorld(store, async ({ node, request, occupant }) => {
    await node()
    const guid = guidOf(await request('web'))
    assert.equal(
      guidOf(await request('web', { releaseUrl: 'https://example.org/demo/2.0.0/', softwareType: 'big' })),
      guid,
    )
    const { releaseUrl, softwareType } = await occupant(guid)
    assert.deepEqual([releaseUrl, softwareType], ['https://example.org/demo/2.0.0/', 'big'])
  }),
)

onEachStore('4. reparent, cycle, disconnect, root, unique title, kind switch, rename', (store) =>
  inWorld(store, async ({ cloud, node, request, owner, store: { read } }) => {
    await node({ partitions: 6 })
    const a = guidOf(await request('A'))
    const b = guidOf(await request('B', {}, as(a)))
    const c = guidOf(await request('C', {}, as(b)))
    const parentOf = async (guid: string) => {
      const row = await read
        .selectFrom('instance')
        .leftJoin('instance as parent', 'parent.id', 'instance.parent_id')
        .select('parent.title')
        .where('instance.reference', '=', guid)
        .executeTakeFirst()
      return row?.title ?? null
    }

    await assert.rejects(request('B', {}, as(c)), { code: 'CYCLE' })
    await assert.rejects(request('C', {}, as(c)), { code: 'CYCLE' })
    await assert.rejects(request('A', {}, as(b)), { code: 'ROOT_REQUESTED' })
    assert.equal(guidOf(await request('B', {}, as(a))), b)
    assert.equal(await parentOf(c), 'B')
    assert.equal(guidOf(await request('C', {}, as(a))), c)
    assert.equal(await parentOf(c), 'A')
    await assert.rejects(request('C', { shared: true }, as(a)), { code: 'KIND_SWITCH' })
    await assert.rejects(request('A', { shared: true }), { code: 'KIND_SWITCH' })

    assert.equal(guidOf(await request('C', {}, as(b))), c)
    assert.equal((await request('B', { state: 'destroyed' }, as(a))).kind, 'nothing')
    assert.equal(await parentOf(c), null)
    await assert.rejects(request('D', {}, as(c)), { code: 'DISCONNECTED' })
    await assert.rejects(request('D', {}, as(b)), { code: 'REQUESTER_DESTROYED' })
    assert.equal(guidOf(await request('C', {}, as(a))), c)

    await cloud.instances.rename(as(c), { guid: c }, 'C old')
    await assert.rejects(cloud.instances.rename(as(c), { guid: c }, 'A'), { code: 'TITLE_IN_USE' })
    assert.notEqual(guidOf(await request('C', {}, as(a))), c)
    assert.equal((await cloud.instances.get(owner, c)).title, 'C old')
  }),
)

onEachStore('5. destroyed unknown is nothing; after destruction the title is free at once', (store) =>
  inWorld(store, async ({ node, request, store: { read } }) => {
    await node()
    assert.equal((await request('web', { state: 'destroyed' })).kind, 'nothing')
    assert.equal((await read.selectFrom('tree').selectAll().execute()).length, 0)
    const first = guidOf(await request('web'))
    await request('web', { state: 'destroyed' })
    const second = guidOf(await request('web'))
    assert.notEqual(second, first)
    assert.equal((await request('nope', { state: 'destroyed' }, as(second))).kind, 'nothing')
  }),
)

onEachStore('6. a stopped tree stops its children, and forces those that are requested', (store) =>
  inWorld(store, async ({ node, request, occupant }) => {
    await node({ partitions: 4 })
    const root = guidOf(await request('root'))
    const child = guidOf(await request('child', {}, as(root)))
    await request('root', { state: 'stopped' })
    assert.equal((await occupant(child)).state, 'stopped')
    await request('child', {}, as(root))
    assert.equal((await occupant(child)).state, 'stopped')
    await request('root')
    assert.equal((await occupant(child)).state, 'stopped')
    await request('child', {}, as(root))
    assert.equal((await occupant(child)).state, 'started')
  }),
)

onEachStore('destruction of a service cascades in one transaction', (store) =>
  inWorld(store, async ({ cloud, node, request, occupant, owner }) => {
    const computer = await node({ partitions: 4 })
    const root = guidOf(await request('root'))
    const child = guidOf(await request('child', {}, as(root)))
    const grandchild = guidOf(await request('grandchild', {}, as(child)))
    const waiting = guidOf(await request('elsewhere', { releaseUrl: 'https://example.org/other/' }, as(root)))
    await request('root', { state: 'destroyed' })
    for (const guid of [root, child, grandchild]) assert.equal((await occupant(guid)).state, 'destroyed')
    await assert.rejects(cloud.instances.get(owner, waiting), { code: 'NOT_FOUND' })
    const self = { kind: 'computer', computer } as const
    for (const partition of ['slappart2', 'slappart1', 'slappart0'])
      await cloud.instances.report(self, { computer, partition }, 'destroyed')
    assert.equal(guidOf(await request('next')), 'SOFTINST-5')
  }),
)

onEachStore('orphans are collected after a grace, unless adopted', (store) =>
  inWorld(store, async ({ cloud, clock, node, request, occupant }) => {
    await node({ partitions: 6 })
    const root = guidOf(await request('root'))
    const child = guidOf(await request('child', {}, as(root)))
    const lost = guidOf(await request('lost', {}, as(child)))
    const adopted = guidOf(await request('adopted', {}, as(child)))
    await request('child', { state: 'destroyed' }, as(root))
    await request('adopted', {}, as(root))
    await cloud.reconcile()
    assert.equal((await occupant(lost)).state, 'started')
    clock.advance(16 * 60_000)
    await cloud.reconcile()
    assert.equal((await occupant(lost)).state, 'destroyed')
    assert.equal((await occupant(adopted)).state, 'started')
  }),
)

onEachStore('publishing reprocesses the requester only, and only when it differs', (store) =>
  inWorld(store, async ({ cloud, node, request, timestamp }) => {
    await node()
    const root = guidOf(await request('root'))
    const child = guidOf(await request('child', {}, as(root)))
    const before = [await timestamp(root), await timestamp(child)] as const
    await cloud.instances.publish(as(child), { guid: child }, { url: 'x' })
    const after = await timestamp(root)
    assert.ok(after > before[0])
    assert.equal(await timestamp(child), before[1])
    await cloud.instances.publish(as(child), { guid: child }, { url: 'x' })
    assert.equal(await timestamp(root), after)
    await cloud.instances.bang(as(child), { guid: child }, 'hello')
    assert.ok((await timestamp(root)) > after && (await timestamp(child)) > before[1])
    assert.equal((await cloud.instances.status(as(root), { guid: child })).text, '#error bang called: hello')
  }),
)

onEachStore('a request that cannot be kept is refused with its reason', (store) =>
  inWorld(store, async ({ cloud, node, request, project, store: { read } }) => {
    await node()
    await assert.rejects(request('x', { filter: { colour: 'red' } }), { code: 'SLA_KEY' })
    await assert.rejects(request('x', { filter: { mode: 'sometimes' } }), { code: 'SLA_VALUE' })
    await assert.rejects(request('x', { filter: { computer_guid: 'here' } }), { code: 'SLA_VALUE' })
    await assert.rejects(request(''), { code: 'TITLE_INVALID' })
    await assert.rejects(request('a\bb'), { code: 'TITLE_INVALID' })
    await assert.rejects(request('x'.repeat(201)), { code: 'TITLE_INVALID' })
    await assert.rejects(request('x', { parameters: { a: 'b\u0000' } }), { code: 'VALUE_INVALID' })
    await cloud.limits.set({ kind: 'system' }, 'instances', 'project', project, 1)
    await request('one')
    await assert.rejects(request('two'), {
      code: 'LIMIT_REACHED',
      message: /limit instances of PROJ-1 is reached \(1\)/,
    })
    assert.equal((await read.selectFrom('instance').selectAll().execute()).length, 1)
    await assert.rejects(cloud.instances.request({ kind: 'system' }, wanted('x', { project: 'PROJ-9' })), {
      code: 'NOT_FOUND',
    })
  }),
)
