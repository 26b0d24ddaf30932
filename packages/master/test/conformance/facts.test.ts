/** What peers depend on beside the ten rules: life of computers, names, bangs, slaves, addresses, destruction. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ObjectValue, unmarshal, writeRequestForm } from '@slapos/slap'
import { placed, RELEASE, wanted } from './asking.ts'
import { type ConformanceMaster, type Peer, startMaster } from './master.ts'
import { plain } from './recorded.ts'

let master: ConformanceMaster
let person: Peer
let node: Peer
let computer: string

before(async () => {
  master = await startMaster()
  computer = (await master.cloud.nodes.create(master.owner, { title: 'node', project: master.project })).computer
  person = master.client(await master.pairOf('person', master.person))
  node = master.client(await master.pairOf('computer', computer))
  await node.format(master.format(computer, 20))
  await node.computer(computer)
  await person.supply(computer, RELEASE, 'available')
})
after(() => master.close())

const place = ({ partitionId }: { readonly partitionId: string }) => ({ computerId: computer, partitionId })
const fieldsOf = ({ partitionId }: { readonly partitionId: string }) => ({
  computer_id: computer,
  computer_partition_id: partitionId,
})
const instanceAt = async (at: { readonly partitionId: string }) =>
  master.client(await node.partitionCertificate(place(at)))
const occupantOf = async ({ partitionId }: { readonly partitionId: string }) =>
  (await node.computer(computer)).partitions.find((partition) => partition.partitionId === partitionId)?.occupant
const timestampOf = async (at: { readonly partitionId: string }) => Number((await occupantOf(at))?.timestamp)

/** A service and its child, which the service requested itself. */
async function family(title: string) {
  const root = await placed(person, wanted(title))
  const parent = await instanceAt(root)
  const asked = wanted(`${title} child`, { requester: place(root) })
  return { root, parent, asked, child: await placed(parent, asked) }
}

describe('beside the rules', () => {
  it('a computer is requested by title, and its certificate made once at a time', async () => {
    const answer = await person.post('requestComputer', { computer_title: 'by title' })
    const document = unmarshal(answer.body)
    assert.ok(document instanceof ObjectValue)
    const computer_id = String(document.attributes.get('_computer_id'))
    assert.match(computer_id, /^COMP-\d+$/)
    assert.equal((await person.post('requestComputer', { computer_title: 'by title' })).body, answer.body)
    const on = (path: string) => person.post(path, { computer_id })
    const pair = Object(plain((await on('generateComputerCertificate')).body))
    assert.match(pair.key, /PRIVATE KEY/)
    assert.match(pair.certificate, new RegExp(`CN=${computer_id}/emailAddress=`))
    assert.equal((await on('generateComputerCertificate')).status, 404)
    assert.deepEqual([(await on('revokeComputerCertificate')).body], ['None'])
    assert.equal((await on('revokeComputerCertificate')).status, 404)
    assert.equal((await on('generateComputerCertificate')).status, 200)
  })

  it('an instance and a slave are renamed, the slave by its reference', async () => {
    const host = await placed(person, wanted('to rename'))
    const slave = await placed(
      person,
      wanted('slave to rename', { shared: true, filter: { instance_guid: host.instanceGuid } }),
    )
    const rename = (more: object) => node.post('softwareInstanceRename', { ...fieldsOf(host), ...more })
    assert.equal((await rename({ new_name: 'renamed' })).body, 'None')
    assert.equal((await rename({ new_name: 'slave renamed', slave_reference: slave.instanceGuid })).body, 'None')
    const { title, slaves } = (await occupantOf(host)) ?? {}
    assert.deepEqual([title, slaves?.map((one) => one.title)], ['renamed', ['slave renamed']])
    assert.equal((await placed(person, wanted('renamed'))).instanceGuid, host.instanceGuid)
  })

  it('a bang concerns the instance and those that requested it; that of a computer, all of it', async () => {
    const { root, child, parent } = await family('banged')
    const other = await placed(person, wanted('not banged'))
    const stamps = () => Promise.all([root, child, other].map(timestampOf))
    const before = await stamps()
    const said = await parent.post('softwareInstanceBang', { ...fieldsOf(child), message: 'again' })
    assert.equal(said.body, 'OK')
    const after = await stamps()
    assert.deepEqual(
      after.map((stamp, at) => stamp > (before[at] ?? 0)),
      [true, true, false],
    )
    assert.equal((await node.post('computerBang', { computer_id: computer, message: 'Reboot' })).body, 'None')
    assert.equal((await person.computerStatus(computer)).text, '#error bang: Reboot')
    assert.ok((await stamps()).every((stamp, at) => stamp > (after[at] ?? 0)))
  })

  it('what a child publishes otherwise concerns its requester; the same again, nobody', async () => {
    const { root, child } = await family('published')
    const first = await timestampOf(root)
    await node.publish(place(child), { url: 'http://a/' })
    const second = await timestampOf(root)
    assert.ok(second > first)
    await node.publish(place(child), { url: 'http://a/' })
    assert.equal(await timestampOf(root), second)
  })

  it('a stopped tree forces stopped on every request of a child', async () => {
    const { root, parent, asked, child } = await family('stopped')
    await placed(person, wanted('stopped', { state: 'stopped' }))
    assert.equal((await occupantOf(root))?.state, 'stopped')
    assert.equal((await placed(parent, asked)).state, 'stopped')
    assert.equal((await occupantOf(child))?.state, 'stopped')
  })

  it('only slaves that are started are listed', async () => {
    const host = await placed(person, wanted('host of slaves'))
    const filter = { instance_guid: host.instanceGuid }
    const slave = (state: 'started' | 'stopped' | 'destroyed') =>
      person.post('requestComputerPartition', writeRequestForm(wanted('listed', { shared: true, filter, state })))
    const listed = async () => (await occupantOf(host))?.slaves.length
    await placed(person, wanted('listed', { shared: true, filter }))
    assert.equal(await listed(), 1)
    assert.equal((await slave('stopped')).status, 200)
    assert.equal(await listed(), 0)
    await slave('started')
    assert.equal(await listed(), 1)
    assert.equal((await slave('destroyed')).status, 408)
    assert.equal(await listed(), 0)
  })

  it('addresses of a whole tree are a list of pairs, and empty once it is destroyed', async () => {
    const { root, child } = await family('addressed')
    const addresses = async () => {
      const query = fieldsOf(root)
      return (await node.raw({ method: 'GET', path: 'getHostingSubscriptionIpList', query })).body
    }
    assert.match(await addresses(), /^<marshal><list id="i2"><tuple><string>slaptap\d+<\/string><string>/)
    const own = await Promise.all([root, child].map(async (one) => (await occupantOf(one))?.ipList ?? []))
    assert.deepEqual(
      plain(await addresses()),
      own.flat().map((pair) => ({ $tuple: pair })),
    )
    await person.post('requestComputerPartition', writeRequestForm(wanted('addressed', { state: 'destroyed' })))
    assert.equal(await addresses(), '<marshal><list id="i2"/></marshal>')
  })

  it('a destruction of nothing makes nothing, one that nobody asked for does nothing', async () => {
    const form = writeRequestForm(wanted('never there', { state: 'destroyed' }))
    assert.equal((await person.post('requestComputerPartition', form)).status, 408)
    assert.ok(!(await master.cloud.instances.listRoots(master.owner)).some(({ title }) => title === 'never there'))
    const kept = await placed(person, wanted('kept'))
    assert.equal((await node.post('destroyedComputerPartition', fieldsOf(kept))).status, 200)
    assert.equal((await occupantOf(kept))?.state, 'started')
  })

  it('the certificate of a destroyed instance is worth nothing', async () => {
    const gone = await placed(person, wanted('gone'))
    const instance = await instanceAt(gone)
    await person.post('requestComputerPartition', writeRequestForm(wanted('gone', { state: 'destroyed' })))
    await node.reportInstance(place(gone), 'destroyed')
    await assert.rejects(instance.partition(place(gone)), { kind: 'refused' })
  })

  it('a release that is to go is listed until it went, and is not told gone before it is asked to', async () => {
    const url = 'https://example.org/old/'
    const form = { url, computer_id: computer }
    await person.supply(computer, url, 'available')
    assert.equal((await node.post('destroyedSoftwareRelease', form)).status, 404)
    await person.supply(computer, url, 'destroyed')
    const listed = async () => (await node.computer(computer)).installations.find((one) => one.url === url)?.state
    assert.equal(await listed(), 'destroyed')
    assert.equal((await node.post('destroyedSoftwareRelease', form)).body, 'None')
    assert.equal(await listed(), undefined)
  })
})
