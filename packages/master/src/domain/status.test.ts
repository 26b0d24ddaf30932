import assert from 'node:assert/strict'
import { onEachStore, stopClusterAfterTests } from '../../test/stores.ts'
import { guidOf, inWorld, RELEASE, SYSTEM } from './testing/world.ts'

stopClusterAfterTests()

onEachStore('10. access status: never, contact, error, error again, well again', (store) =>
  inWorld(store, async ({ cloud, clock, node, request }) => {
    const { computer: silent } = await cloud.nodes.create(SYSTEM, { title: 'silent' })
    assert.equal((await cloud.nodes.status(SYSTEM, silent)).no_data, 1)
    const computer = await node()
    const self = { kind: 'computer', computer } as const
    cloud.nodes.contacted(computer, '192.0.2.7')
    assert.equal((await cloud.nodes.status(SYSTEM, computer)).text, `#access ${computer}`)
    assert.equal(cloud.nodes.observedAddress(computer), '192.0.2.7')

    const guid = guidOf(await request('a'))
    const status = () => cloud.instances.status(SYSTEM, { guid })
    assert.equal((await status()).text, `#error no data found for ${guid}`)
    await cloud.instances.report(self, { guid }, 'started')
    clock.advance(60_000)
    await cloud.instances.error(self, { guid }, `bad \u0000 thing ${'x'.repeat(100)}`)
    const first = await status()
    assert.ok(first.text.startsWith('#error while instanciating: ') && !first.text.includes('\u0000'))
    clock.advance(60_000)
    await cloud.instances.error(self, { guid }, 'worse')
    const second = await status()
    assert.equal(second.since, first.since)
    assert.notEqual(second.created_at, first.created_at)
    await cloud.instances.report(self, { guid }, 'started')
    assert.notEqual((await status()).since, first.since)
  }),
)

onEachStore('a status moves the documents, not the timestamp, and the same one again moves nothing', (store) =>
  inWorld(store, async ({ cloud, node, request, timestamp, occupant }) => {
    const computer = await node()
    const self = { kind: 'computer', computer } as const
    const guid = guidOf(await request('a'))
    const [stamp, revision] = [await timestamp(guid), cloud.nodes.revision(computer)]
    await cloud.instances.report(self, { guid }, 'started')
    const moved = cloud.nodes.revision(computer)
    assert.ok(moved > revision)
    assert.equal(await timestamp(guid), stamp)
    assert.equal((await occupant(guid)).accessStatus, '#access Instance correctly started')
    await cloud.instances.report(self, { guid }, 'started')
    assert.equal(cloud.nodes.revision(computer), moved)
  }),
)

onEachStore('a supply that is removed and asked again is another installation', (store) =>
  inWorld(store, async ({ cloud, node, owner }) => {
    const computer = await node()
    const self = { kind: 'computer', computer } as const
    const { position } = await cloud.nodes.desired(self, undefined)
    await cloud.software.supply(owner, computer, RELEASE, 'destroyed')
    assert.deepEqual((await cloud.nodes.desired(self, position)).installations, [{ url: RELEASE, state: 'destroyed' }])
    await cloud.software.report(self, computer, RELEASE, 'destroyed')
    assert.deepEqual((await cloud.nodes.desired(self, position)).removedInstallations, [RELEASE])
    await cloud.software.supply(owner, computer, RELEASE, 'available')
    const again = await cloud.nodes.desired(self, position)
    assert.deepEqual([again.installations.length, again.removedInstallations], [1, []])
    await assert.rejects(cloud.software.report(self, computer, 'https://example.org/none/', 'building'), {
      code: 'NOT_FOUND',
    })
    await cloud.software.error(self, computer, RELEASE, 'gcc: not found')
    assert.equal((await cloud.software.status(owner, computer, RELEASE)).text, `#error while installing ${RELEASE}`)
  }),
)
