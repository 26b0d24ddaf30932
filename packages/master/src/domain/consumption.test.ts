import assert from 'node:assert/strict'
import { onEachStore, stopClusterAfterTests } from '../../test/stores.ts'
import type { Caller } from './cloud.ts'
import { guidOf, inWorld } from './testing/world.ts'

stopClusterAfterTests()

const journal = (reference: string, stop = '2020-01-02 23:59:59') =>
  `<journal><transaction type="Sale Packing List"><title>t</title><start_date>2020-01-01 00:00:00</start_date>` +
  `<stop_date>${stop}</stop_date><reference>r</reference><currency/><payment_mode/><arrow type="Destination"/>` +
  `<movement><resource>service_module/memory_used</resource><reference>${reference}</reference>` +
  `<quantity>1</quantity><price>0</price><VAT/></movement></transaction></journal>`

onEachStore('18. consumption: valid, invalid, empty reference, foreign reference, future date', (store) =>
  inWorld(store, async ({ cloud, clock, node, request, owner }) => {
    const computer = await node()
    const guid = guidOf(await request('mine'))
    const other = await node()
    const self: Caller = { kind: 'computer', computer }
    const stored = async () => (await store.read.selectFrom('consumption').select('document').execute()).length
    for (const reference of [computer, guid, 'slappart0', 'slapuser0']) {
      await cloud.nodes.consumption(self, computer, journal(reference))
    }
    assert.equal(await stored(), 4)

    const refused = (document: string, message: RegExp) =>
      assert.rejects(cloud.nodes.consumption(self, computer, document), { status: 400, message })
    await refused('<journal/>', /lacks <transaction>/)
    await refused(journal(''), /no reference/)
    await refused(journal(other), /another node/)
    await refused(journal('SOFTINST-999'), /does not run on/)
    const later = new Date(clock.now() + 3 * 86_400_000).toISOString().slice(0, 19)
    await refused(journal(computer, later.replace('T', ' ')), /in the future/)
    await refused(journal(computer, later.replace('T', ' at ')), /in the future/)
    await assert.rejects(cloud.nodes.consumption(owner, computer, journal(computer)), { code: 'NOT_ALLOWED' })
    assert.equal(await stored(), 4)
  }),
)
