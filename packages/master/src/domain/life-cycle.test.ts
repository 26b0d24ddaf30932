import assert from 'node:assert/strict'
import { onEachStore, stopClusterAfterTests } from '../../test/stores.ts'
import { guidOf, inWorld, RELEASE, SYSTEM } from './testing/world.ts'

stopClusterAfterTests()

onEachStore('1. register, supply, format, request, report, publish, destroy, free, unsupply', (store) =>
  inWorld(store, async ({ cloud, owner, node, request, occupant }) => {
    const computer = await node()
    assert.equal(computer, 'COMP-0')
    const self = { kind: 'computer', computer } as const
    await cloud.software.report(self, computer, RELEASE, 'building')
    assert.equal((await cloud.software.status(owner, computer, RELEASE)).state, 'building')
    await cloud.software.report(self, computer, RELEASE, 'available')

    const answer = await request('web', { parameters: { port: '80' } })
    assert.equal(answer.kind, 'allocated')
    const guid = guidOf(answer)
    const place = { computer, partition: 'slappart0' }
    const document = await cloud.nodes.document(self, computer)
    assert.equal(document.value.partitions.length, 3)
    assert.deepEqual(document.value.installations, [{ url: RELEASE, state: 'available' }])
    const shown = document.value.partitions[0]?.occupant
    assert.deepEqual([shown?.state, shown?.parameters, shown?.instanceGuid], ['started', { port: '80' }, guid])

    await cloud.instances.report(self, place, 'started')
    assert.equal((await cloud.instances.status(owner, { guid })).text, '#access Instance correctly started')
    assert.equal((await occupant(guid)).accessStatus, '#access Instance correctly started')
    await cloud.instances.publish({ kind: 'instance', instance: guid }, place, { url: 'http://127.1.2.1/' })
    const again = await request('web', { parameters: { port: '80' } })
    assert.deepEqual(again.kind === 'allocated' && again.instance.connection, { url: 'http://127.1.2.1/' })

    assert.equal((await request('web', { state: 'destroyed' })).kind, 'nothing')
    assert.equal((await occupant(guid)).state, 'destroyed')
    await cloud.instances.report(self, place, 'destroyed')
    assert.equal((await cloud.nodes.partition(self, computer, 'slappart0')).value.occupant, undefined)
    await assert.rejects(cloud.instances.get(owner, guid), { code: 'NOT_FOUND' })

    await assert.rejects(cloud.software.report(self, computer, RELEASE, 'destroyed'), { code: 'DESTROY_NOT_ASKED' })
    await cloud.software.supply(owner, computer, RELEASE, 'destroyed')
    await cloud.software.report(self, computer, RELEASE, 'destroyed')
    assert.deepEqual((await cloud.nodes.document(SYSTEM, computer)).value.installations, [])
  }),
)
