/** The rules that every Master must keep for the existing nodes and clients, numbered as they were collected. */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import {
  enrolComputer,
  type FormattedComputer,
  type InstanceRequest,
  marshal,
  ObjectValue,
  type OccupantDocument,
  referenceOf,
  unmarshal,
  writeRequestForm,
} from '@slapos/slap'
import { placed, RELEASE, wanted } from './asking.ts'
import { type ConformanceMaster, type Peer, startMaster } from './master.ts'

let master: ConformanceMaster
let person: Peer
let node: Peer
let computer: string

before(async () => {
  master = await startMaster()
  computer = (await master.cloud.nodes.create(master.owner, { title: 'node', project: master.project })).computer
  person = master.client(await master.pairOf('person', master.person))
  node = master.client(await master.pairOf('computer', computer))
  await node.format(master.format(computer, 12))
  await person.supply(computer, RELEASE, 'available')
})
after(() => master.close())

const request = (asked: InstanceRequest, who: Peer = person) => placed(who, asked)

async function occupantOf(partitionId: string): Promise<OccupantDocument | undefined> {
  return (await node.computer(computer)).partitions.find((partition) => partition.partitionId === partitionId)?.occupant
}

/** The same partitions with other addresses. */
const movedTo = (network: number, format: FormattedComputer): FormattedComputer => ({
  ...format,
  partition_list: format.partition_list.map((partition, n) => ({
    ...partition,
    address_list: partition.address_list.map((entry) => ({ ...entry, addr: `10.${network}.0.${n + 1}` })),
  })),
})

const place = ({ partitionId }: { readonly partitionId: string }) => ({ computerId: computer, partitionId })

describe('what a Master must do for existing nodes and clients', () => {
  it('1. marshals with double escaping, charset, exact classes, tuples and lists', async () => {
    await request(wanted('escaping', { parameters: { text: 'a & b <c> é' } }))
    const answer = await node.raw({
      method: 'GET',
      path: 'getFullComputerInformation',
      query: { computer_id: computer },
    })
    assert.equal(answer.headers['content-type'], 'text/xml; charset=utf-8')
    assert.match(answer.body, /<string>a &amp;amp; b &amp;lt;c&amp;gt; &#233;<\/string>/)
    assert.match(answer.body, /<string>ip_list<\/string><list id="i\d+"><tuple><string>/)
    const document = unmarshal(answer.body)
    assert.ok(document instanceof ObjectValue)
    assert.deepEqual([document.className, document.arguments.items], ['Computer', [computer]])
    assert.equal(marshal(document), answer.body)
    const releases = await person.raw({
      method: 'GET',
      path: 'getSoftwareReleaseListFromSoftwareProduct',
      query: { software_product_reference: 'unknown' },
    })
    assert.equal(releases.body, '<marshal><list id="i2"/></marshal>')
  })

  it('2. registers with a text that holds COMP-n/email, at //PATH too, 403 for bad tokens', async () => {
    const web = { url: master.url, tls: { ca: master.identity.authority.root } }
    const { token } = await master.identity.tokens.create({ purpose: 'computer', person: master.person })
    const enrolled = await enrolComputer(web, { token }, { title: 'registered' })
    assert.match(referenceOf(enrolled.certificate) ?? '', /^COMP-\d+$/)
    const stranger = master.client()
    assert.equal((await stranger.raw({ method: 'POST', path: '/Person_requestComputer' })).status, 403)
    // The URL constructor would take `//NAME` for a host.
    const doubled = await stranger.raw({ method: 'POST', path: `${master.url}//Person_requestComputer` })
    assert.equal(doubled.status, 403)
    const used = master.client({ certificate: enrolled.certificate, key: enrolled.key ?? '' })
    await used.computer(enrolled.reference ?? '')
    const next = await master.identity.tokens.create({ purpose: 'computer', person: master.person })
    const again = enrolComputer(web, { token: next.token }, { title: 'registered' })
    await assert.rejects(again, (error) => /Certificate still active\./.test(Object(error).body))
  })

  it('3. answers 408 for what has no place yet and 404 only for what does not exist', async () => {
    const nowhere = writeRequestForm(wanted('nowhere', { releaseUrl: 'https://example.org/unsupplied/' }))
    const waiting = await person.post('requestComputerPartition', nowhere)
    assert.deepEqual([waiting.status, waiting.headers['cache-control']], [408, 'private'])
    const query = { computer_reference: computer, computer_partition_reference: 'slappart99' }
    assert.equal((await node.raw({ method: 'GET', path: 'registerComputerPartition', query })).status, 404)
  })

  it('4. lists every partition, and a destroyed one with its release until it is reported destroyed', async () => {
    const it = await request(wanted('to destroy'))
    assert.equal((await node.computer(computer)).partitions.length, 12)
    const destroyed = await person.post(
      'requestComputerPartition',
      writeRequestForm(wanted('to destroy', { state: 'destroyed' })),
    )
    assert.ok([200, 408].includes(destroyed.status), destroyed.body)
    const dying = await occupantOf(it.partitionId)
    assert.deepEqual([dying?.state, dying?.releaseUrl], ['destroyed', RELEASE])
    await node.reportInstance(place(it), 'destroyed')
    const query = { computer_reference: computer, computer_partition_reference: it.partitionId }
    const free = (await node.raw({ method: 'GET', path: 'registerComputerPartition', query })).body
    assert.match(free, /<string>_requested_state<\/string><string>destroyed<\/string>/)
    assert.match(free, /<string>_software_release_document<\/string><none\/>/)
  })

  it('5. gives an integer timestamp that moves exactly when something is to be done', async () => {
    const asked = wanted('stamped')
    const it = await request(asked)
    const stamp = async () => (await occupantOf(it.partitionId))?.timestamp ?? ''
    const first = await stamp()
    assert.match(first, /^\d{16}$/)
    await request(asked)
    await node.reportInstance(place(it), 'started')
    await node.publish(place(it), { url: 'http://x/' })
    assert.equal(await stamp(), first, 'repeated request, report and own publication')
    await request({ ...asked, parameters: { a: '1' } })
    const second = await stamp()
    assert.ok(Number(second) > Number(first), 'other parameters')
    await node.instanceBang(place(it), 'again')
    assert.ok(Number(await stamp()) > Number(second), 'bang')
    const filter = { instance_guid: it.instanceGuid }
    const slave = (more: Partial<InstanceRequest> = {}) =>
      person.post('requestComputerPartition', writeRequestForm(wanted('of it', { shared: true, filter, ...more })))
    const changes: readonly (readonly [what: string, change: () => Promise<unknown>])[] = [
      ['another type', () => request({ ...asked, softwareType: 'other' })],
      ['another state', () => request({ ...asked, softwareType: 'other', state: 'stopped' })],
      ['started again', () => request({ ...asked, softwareType: 'default' })],
      ['a slave', () => request(wanted('of it', { shared: true, filter }))],
      ['other parameters of the slave', () => slave({ parameters: { a: '1' } })],
      ['no slave', () => slave({ state: 'destroyed' })],
      ['other addresses', () => node.format(movedTo(9, master.format(computer, 12)))],
      ['a bang of the computer', () => node.computerBang(computer, 'again')],
    ]
    for (const [what, change] of changes) {
      const before = Number(await stamp())
      await change()
      assert.ok(Number(await stamp()) > before, what)
    }
    await node.format(master.format(computer, 12))
  })

  it('6. tells the access status with its prefixes', async () => {
    const it = await request(wanted('reported'))
    const status = async () => (await occupantOf(it.partitionId))?.accessStatus ?? ''
    await node.reportInstance(place(it), 'started')
    assert.equal(await status(), '#access Instance correctly started')
    await node.instanceError(place(it), 'promise failed')
    assert.equal(await status(), '#error while instanciating: promise failed')
    await node.reportRelease(computer, RELEASE, 'building')
    assert.equal((await person.installationStatus(computer, RELEASE)).text, `#building software release ${RELEASE}`)
    assert.match((await person.computerStatus(computer)).text, /^#access/)
  })

  it('7. answers a slave with its own state, guid, connection and parameters', async () => {
    await request(wanted('host'))
    await request(wanted('slave', { shared: true, parameters: { domain: 'x' } }))
    const answer = await person.post('requestComputerPartition', {
      ...writeRequestForm(wanted('slave', { shared: true, parameters: { domain: 'x' } })),
    })
    assert.equal(answer.status, 200)
    for (const key of ['_requested_state', '_instance_guid', '_connection_dict', '_parameter_dict']) {
      assert.match(answer.body, new RegExp(`<string>${key}</string>`))
    }
    assert.match(answer.body, /<string>_parameter_dict<\/string><dictionary id="i\d+"><string>domain<\/string>/)
  })

  it('8. ignores the related list and unknown fields, takes the literal None and state <none/>', async () => {
    const form = { ...writeRequestForm(wanted('tolerant')), state: '<marshal><none/></marshal>', future_field: '1' }
    await request(wanted('tolerant'))
    assert.equal((await person.post('requestComputerPartition', form)).status, 200)
    const it = await request(wanted('tolerant'))
    const at = { computer_id: computer, computer_partition_id: it.partitionId }
    const connection_xml = marshal(new Map([['url', 'x']]))
    const published = await node.post('setComputerPartitionConnectionXml', {
      ...at,
      connection_xml,
      slave_reference: 'None',
    })
    assert.equal(published.status, 200)
    assert.deepEqual((await request(wanted('tolerant'))).connection, { url: 'x' })
    await node.relatedInstances(place(it), ['a'])
  })

  it('9. gives the HATEOAS address without a newline, and a root whose self link begins with it', async () => {
    const { body: url } = await person.raw({ method: 'GET', path: 'getHateoasUrl' })
    assert.equal(url, `${master.url}/hateoas`)
    const { _links } = JSON.parse((await person.raw({ method: 'GET', path: url })).body)
    assert.ok(_links.self.href.startsWith(url))
  })

  it('10. takes certificates of persons, nodes and instances, and serves strangers nothing of the API', async () => {
    const it = await request(wanted('certified'))
    const pair = await node.partitionCertificate(place(it))
    assert.match(pair.key, /^-----BEGIN PRIVATE KEY-----/)
    assert.equal(
      new X509Certificate(pair.certificate).checkIssued(new X509Certificate(master.identity.authority.issuing)),
      true,
    )
    const instance = master.client(pair)
    assert.equal((await instance.partition(place(it))).occupant?.instanceGuid, it.instanceGuid)
    assert.deepEqual((await instance.computer(computer)).installations, [])
    await assert.rejects(master.client().computer(computer), { kind: 'refused', answered: 401 })
    await assert.rejects(instance.supply(computer, RELEASE, 'destroyed'), { kind: 'refused' })
  })
})
