/** The stand-in answers what was recorded from the real `slapos proxy`, byte for byte, save for its clock. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { type FakeProxy, startFakeProxy } from './fake-proxy.ts'

const recorded = (name: string) =>
  readFileSync(new URL(`../../../packages/slap/src/golden/${name}`, import.meta.url), 'utf8').trimEnd()
const formOf = (name: string): Record<string, string> => JSON.parse(recorded(`${name}.form.json`)).fields

let proxy: FakeProxy
before(async () => {
  proxy = await startFakeProxy({ computerId: 'COMP-1' })
})
after(() => proxy.close())

const got = async (path: string) => await (await fetch(`${proxy.url}${path}`)).text()
const post = async (path: string, fields: Readonly<Record<string, string>>) => {
  const answer = await fetch(`${proxy.url}${path}`, { method: 'POST', body: new URLSearchParams(fields) })
  return [answer.status, await answer.text()] as const
}
const requested = async (name: string) => (await post('requestComputerPartition', formOf(name)))[1]
const document = () => got('getFullComputerInformation?computer_id=COMP-1')
const timeless = (xml: string) => xml.replaceAll(/<string>1795\d{6}\.\d+<\/string>/g, '<string>TIME</string>')
const assertAs = (xml: string, name: string) => assert.equal(timeless(xml), timeless(recorded(name)))

describe('the stand-in for slapos proxy', () => {
  it('shows the partitions of a recorded format, free', async () => {
    const xml = recorded('03-loadComputerConfigurationFromXML.field-xml.xml')
    assert.deepEqual(await post('loadComputerConfigurationFromXML', { xml }), [200, 'done'])
    const release = { url: formOf('07-requestComputerPartition-root').software_release ?? '', state: 'available' }
    assert.match((await post('supplySupply', release))[1], /^Supplied '.*' to be available$/)
    assertAs(await document(), '05-getFullComputerInformation-free-partitions.response.xml')
  })

  it('places a service', async () => {
    const [, theirs = ''] = recorded('07-requestComputerPartition-root.http').split(/\r?\n\r?\n(?=<marshal>)/)
    assert.equal(timeless(await requested('07-requestComputerPartition-root')), timeless(theirs))
    assertAs(await document(), '08-getFullComputerInformation-one-instance.response.xml')
    const query = 'computer_reference=COMP-1&computer_partition_reference=slappart0'
    assertAs(await got(`registerComputerPartition?${query}`), '09-registerComputerPartition.response.xml')
  })

  it('places its child and its slave', async () => {
    assertAs(await requested('10-requestComputerPartition-child'), '10-requestComputerPartition-child.response.xml')
    const published = formOf('11-setComputerPartitionConnectionXml')
    assert.deepEqual(await post('setComputerPartitionConnectionXml', published), [200, 'done'])
    const child = { computer_partition_id: 'slappart1' }
    const connection_xml = published.connection_xml?.replace('fc01::2', 'fc01::3') ?? ''
    await post('setComputerPartitionConnectionXml', { ...published, ...child, connection_xml })
    await requested('13-requestComputerPartition-slave')
    assertAs(await document(), '14-getFullComputerInformation-with-slave.response.xml')
    await post('setComputerPartitionConnectionXml', formOf('15-setComputerPartitionConnectionXml-for-slave'))
    assertAs(await requested('13-requestComputerPartition-slave'), '13-requestComputerPartition-slave.response.xml')
  })

  it('frees a parent after its children only', async () => {
    const state = '<marshal><string>destroyed</string></marshal>'
    await post('requestComputerPartition', { ...formOf('07-requestComputerPartition-root'), state })
    const freed = (id: string) => post('destroyedComputerPartition', { computer_partition_id: id })
    assert.notDeepEqual(await freed('slappart0'), [200, 'OK'])
    assert.equal(proxy.state.occupant('db')?.state, 'destroyed')
    assert.deepEqual(await freed('slappart1'), [200, 'OK'])
    assert.deepEqual(await freed('slappart0'), [200, 'OK'])
    assertAs(await document(), '05-getFullComputerInformation-free-partitions.response.xml')
  })

  it('has no address of hypertext, no list of children, and fails on what it does not know', async () => {
    assert.equal((await fetch(`${proxy.url}getHateoasUrl`)).status, 404)
    assert.equal((await post('updateComputerPartitionRelatedInstanceList', {}))[0], 404)
    assert.equal((await fetch(`${proxy.url}getFullComputerInformation?computer_id=COMP-9`)).status, 500)
    assert.equal(await got('getComputerPartitionStatus'), '<marshal><string>Not implemented.</string></marshal>')
  })
})
