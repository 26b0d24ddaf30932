import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { describeOnEachStore, stopClusterAfterTests } from '../../../test/stores.ts'
import { newService, openPanelWorld, type PanelWorld, RELEASE, type Visit } from './testing/world.ts'

stopClusterAfterTests()

describeOnEachStore('a server that another project shares', (database) => {
  let world: PanelWorld
  let ada: Visit
  let bob: Visit
  let eve: Visit
  let computer: string
  let ofBob: string

  before(async () => {
    const url = await database()
    world = await openPanelWorld(url === undefined ? {} : { database: url })
    ada = await world.person('ada')
    bob = await world.person('bob')
    eve = await world.person('eve')
    const ofAda = await world.project(ada, 'Project of Ada')
    ofBob = await world.project(bob, 'Project of Bob')
    await world.project(eve, 'Project of Eve')
    computer = await world.node(ada, ofAda, 'machine-of-ada')
    await world.master.parts.cloud.software.report({ kind: 'computer', computer }, computer, RELEASE, 'available')
    await ada.call('POST', 'services', newService('service-of-ada', ofAda))
  })
  after(async () => {
    await world?.[Symbol.asyncDispose]()
  })

  const share = (by: Visit, body: unknown) => by.call('PUT', `servers/${computer}/sharing`, body)
  const listOf = async (who: Visit, query = 'shared=true') => (await who.call('GET', `servers?${query}`)).body

  it('is in no list of others before', async () => {
    for (const who of [bob, eve]) assert.equal((await listOf(who)).total, 0)
  })

  it('is shared by a manager of its project only', async () => {
    assert.equal((await share(bob, { sharing: 'everybody' })).status, 404)
    const { status, body } = await share(ada, { sharing: 'named', projects: [ofBob] })
    assert.deepEqual([status, body.sharing, body.sharedWith], [200, 'named', [ofBob]])
    assert.equal((await share(ada, { sharing: 'named', projects: ['PROJ-999'] })).status, 404)
  })

  it('is in the lists of those whom it is shared with, under the name of who shares it', async () => {
    const { items, total } = await listOf(bob)
    assert.deepEqual(
      items.map((item: Record<string, unknown>) => [item['computer'], item['sharedBy'], item['partitions']]),
      [[computer, 'Project of Ada', 5]],
    )
    assert.equal(total, 1)
    assert.equal((await listOf(bob, 'shared=true&color=grey')).total, 1)
    assert.equal((await listOf(bob, 'shared=true&color=red')).total, 0)
    assert.equal((await listOf(bob, 'shared=true&q=machine')).total, 1)
    assert.equal((await listOf(bob, '')).total, 0, 'his own servers are asked for otherwise')
    assert.equal((await listOf(ada)).items[0].sharedBy, null)
    assert.equal((await listOf(eve)).total, 0)
  })

  it('keeps its secrets, and is not controlled by them', async () => {
    const at = `servers/${computer}`
    const tries = [
      ['GET', at],
      ['PATCH', at, { title: 'mine now' }],
      ['PUT', `${at}/sharing`, { sharing: 'everybody' }],
      ['POST', `${at}/installations`, { url: RELEASE }],
      ['GET', `${at}/certificates`],
      ['POST', `${at}/certificates/revoke`],
      ['GET', `${at}/usage`],
      ['GET', `${at}/logs?source=agent`],
      ['POST', `${at}/commands`, { name: 'rebuild', url: RELEASE }],
      ['GET', `processes?server=${computer}`],
      ['GET', `promises?server=${computer}`],
    ] as const
    for (const [method, path, body] of tries) {
      const { status, text } = await bob.call(method, path, body)
      assert.ok([403, 404].includes(status), `${method} ${path}: ${status} ${text}`)
    }
    for (const path of [`${at}/partitions`, `${at}/installations`]) {
      assert.deepEqual((await bob.call('GET', path)).body, [], path)
    }
    const told = (await bob.call('GET', 'servers?shared=true')).text
    for (const secret of ['service-of-ada', 'slappart', ada.person]) assert.equal(told.includes(secret), false, secret)
  })

  it('hosts their services, which they see with the place', async () => {
    const filter = { computer_guid: computer }
    const made = await bob.call('POST', 'services', { ...newService('service-of-bob', ofBob), filter })
    assert.equal(made.status, 200, made.text)
    await world.master.parts.cloud.reconcile()
    const { body } = await bob.call('GET', `services/${made.body.reference}`)
    assert.equal(body.computer, computer)
  })

  it('is for everybody, then for its project again: what runs there stays', async () => {
    await share(ada, { sharing: 'everybody' })
    assert.equal((await listOf(eve)).total, 1)
    await share(ada, { sharing: 'project' })
    for (const who of [bob, eve]) assert.equal((await listOf(who)).total, 0)
    assert.equal((await bob.call('GET', 'services')).body.total, 1)
  })
})
