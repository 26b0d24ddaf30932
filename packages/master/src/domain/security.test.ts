import assert from 'node:assert/strict'
import { onEachStore, stopClusterAfterTests } from '../../test/stores.ts'
import type { Caller } from './cloud.ts'
import { guidOf, inWorld, RELEASE, SYSTEM, wanted } from './testing/world.ts'

stopClusterAfterTests()

onEachStore('13. strangers see nothing; nodes and instances stay in their place', (store) =>
  inWorld(store, async ({ cloud, node, request, owner }) => {
    const [first, second] = [await node(), await node()]
    const guid = guidOf(await request('mine', { filter: { computer_guid: first } }))
    const child = guidOf(
      await request('child', { filter: { computer_guid: first } }, { kind: 'instance', instance: guid }),
    )
    const person = await cloud.people.create(SYSTEM, { name: 'Other', email: '' })
    await cloud.projects.create(SYSTEM, { title: 'Other', owner: person })
    const other: Caller = { kind: 'person', person, via: 'session' }
    await assert.rejects(cloud.instances.get(other, guid), { code: 'NOT_FOUND' })
    await assert.rejects(cloud.instances.root(other, 'mine'), { code: 'NOT_FOUND' })
    assert.deepEqual(await cloud.instances.listRoots(other), [])
    assert.deepEqual(
      (await cloud.instances.listRoots(owner)).map(({ title }) => title),
      ['mine'],
    )
    await assert.rejects(cloud.nodes.document(other, first), { code: 'NOT_FOUND' })
    await assert.rejects(cloud.software.supply(other, first, RELEASE, 'destroyed'), { code: 'NOT_FOUND' })

    const foreign: Caller = { kind: 'computer', computer: second }
    await assert.rejects(cloud.nodes.document(foreign, first), { code: 'NOT_ALLOWED' })
    await assert.rejects(cloud.nodes.partition(foreign, first, 'slappart0'), { code: 'NOT_ALLOWED' })
    await assert.rejects(cloud.instances.report(foreign, { guid }, 'started'), { code: 'NOT_FOUND' })
    await assert.rejects(cloud.nodes.bang(foreign, first, ''), { code: 'NOT_ALLOWED' })

    const self: Caller = { kind: 'instance', instance: guid }
    const own = await cloud.nodes.document(self, first)
    assert.deepEqual(
      [own.value.partitions.map(({ partitionId }) => partitionId), own.value.installations],
      [['slappart0'], []],
    )
    const elsewhere = { requester: { computerId: first, partitionId: 'slappart1' } }
    await assert.rejects(cloud.instances.request(self, wanted('x', elsewhere)), { code: 'NOT_FOUND' })
    await assert.rejects(cloud.instances.publish(self, { guid: child }, { a: 'b' }), { code: 'NOT_ALLOWED' })
    await assert.rejects(cloud.instances.request({ kind: 'computer', computer: first }, wanted('x')), {
      code: 'NOT_ALLOWED',
    })
    await assert.rejects(cloud.instances.get({ kind: 'person', person: 'PERS-99', via: 'session' }, guid), {
      code: 'CALLER_GONE',
    })
  }),
)

onEachStore('13b. a host publishes for its own slaves only', (store) =>
  inWorld(store, async ({ cloud, node, request }) => {
    await node()
    const host = guidOf(await request('host'))
    const rival = guidOf(await request('rival'))
    const slave = guidOf(await request('site', { shared: true, filter: { instance_guid: host } }))
    const as = (guid: string): Caller => ({ kind: 'instance', instance: guid })
    await cloud.instances.publish(as(host), { guid: host }, { url: 'x' }, slave)
    await cloud.instances.error(as(host), { guid: host }, 'no such domain', slave)
    await assert.rejects(cloud.instances.publish(as(rival), { guid: rival }, { url: 'y' }, slave), {
      code: 'NOT_FOUND',
    })
    await assert.rejects(cloud.instances.publish(as(rival), { guid: host }, { url: 'y' }), { code: 'NOT_FOUND' })
    const seen = await cloud.instances.get(SYSTEM, slave)
    assert.deepEqual([seen.connection, seen.status.text], [{ url: 'x' }, '#error while instanciating: no such domain'])
  }),
)

onEachStore('people come, get a role, and leave; a project keeps an owner', (store) =>
  inWorld(store, async ({ cloud, owner, project, request, node }) => {
    await node()
    const person = await cloud.people.create(SYSTEM, { name: 'New', email: 'n@example.org' })
    const member: Caller = { kind: 'person', person, via: 'session' }
    await assert.rejects(request('a', {}, member), { code: 'PROJECT_UNCLEAR' })
    await cloud.projects.setRole(SYSTEM, project, person, 'member')
    assert.equal((await request('a', {}, member)).kind, 'allocated')
    await assert.rejects(cloud.software.supply(member, 'COMP-0', RELEASE, 'destroyed'), { code: 'NOT_ALLOWED' })
    assert.deepEqual(
      (await cloud.projects.members(member, project)).map(({ name, role }) => `${name} ${role}`),
      ['First owner', 'New member'],
    )
    if (owner.kind === 'person') {
      await assert.rejects(cloud.projects.remove(owner, project, owner.person), { code: 'LAST_OWNER' })
      await assert.rejects(cloud.projects.setRole(owner, project, owner.person, 'member'), { code: 'LAST_OWNER' })
    }
    await cloud.people.disable(SYSTEM, person)
    await assert.rejects(request('b', {}, member), { code: 'CALLER_GONE' })
  }),
)
