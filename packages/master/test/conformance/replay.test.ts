/**
 * The recorded exchanges of the existing client and node, sent again, byte for byte, to this Master, in their order.
 * What it answers is compared with what was recorded (from `slapos proxy`); each difference is written down here.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { referenceOf } from '@slapos/slap'
import { type ConformanceMaster, type Peer, startMaster } from './master.ts'
import { differences, exchangeOf, fieldsOf, plain, recorded } from './recorded.ts'

const COMPUTER = 'COMP-1'
const RELEASE = 'http://127.0.0.1:25002/demo/software.cfg'
const AT = { computer_id: COMPUTER, computer_partition_id: 'slappart0' }
const CERTIFICATE = { method: 'GET', path: 'getComputerPartitionCertificate' } as const
const DOCUMENT = { method: 'GET', path: 'getFullComputerInformation', query: { computer_id: COMPUTER } } as const

let master: ConformanceMaster
let stranger: Peer
let node: Peer
let person: Peer
let instance: Peer
let guid: string

before(async () => {
  master = await startMaster()
  stranger = master.client()
  // The next one has the number that was recorded.
  assert.equal((await master.cloud.nodes.create(master.owner, { title: 'first' })).computer, 'COMP-0')
})
after(() => master.close())

const token = async (purpose: 'computer' | 'person') =>
  (await master.identity.tokens.create({ purpose, person: master.person })).token

/** Sends a recorded registration with a token of this Master. */
async function registered(name: string, purpose: 'computer' | 'person') {
  const { call, status, body } = exchangeOf(name)
  const answer = await stranger.raw({ ...call, headers: { ...call.headers, 'x-access-token': await token(purpose) } })
  assert.equal(answer.status, status, answer.body)
  assert.match(String(answer.headers['content-type']), /^application\/json/)
  const [theirs, ours] = [JSON.parse(body), JSON.parse(answer.body)]
  assert.deepEqual(
    Object.keys(theirs).filter((key) => !(key in ours)),
    [],
  )
  return ours
}

/** Sends a recorded exchange; the answer must have its status. */
async function replay(name: string, who: Peer): Promise<string> {
  const { call, status } = exchangeOf(name)
  const answer = await who.raw(call)
  assert.equal(answer.status, status, answer.body)
  return answer.body
}

/** Posts recorded fields, of which some are named otherwise here, until the answer is another one than "not ready". */
async function post(name: string, who: Peer, changed: Readonly<Record<string, string>> = {}): Promise<string> {
  const path = String(JSON.parse(recorded(name)).path).slice(1)
  for (const deadline = Date.now() + 60_000; ; ) {
    const answer = await who.post(path, { ...fieldsOf(name), ...changed })
    if (answer.status === 408 && Date.now() < deadline) continue
    assert.equal(answer.status, 200, answer.body)
    return answer.body
  }
}

/** What our document of the computer lacks or changes of the recorded one. */
async function comparedWith(name: string) {
  const answer = await node.raw(DOCUMENT)
  assert.equal(answer.headers['content-type'], 'text/xml; charset=utf-8')
  return differences(plain(recorded(name)), plain(answer.body))
}

const escaped = (text: string) => text.replace(/[.[\]()]/g, '\\$&')
const partitionAt = (index: number) => `_computer_partition_list[${index}].`
const [first, second] = [partitionAt(0), partitionAt(1)]

/** On every busy partition: the proxy's name and clock, and what it alone sends. */
const occupied = (at: string) => [
  new RegExp(`^${escaped(at)}_instance_guid: "COMP-1-slappart\\d" -> "SOFTINST-\\d+"$`),
  `${at}_parameter_dict.full_address_list: absent`,
  new RegExp(`^${escaped(at)}_parameter_dict\\.timestamp: "[\\d.]+" -> \\d{16}$`),
]

/** The proxy makes the names of slaves of titles. */
const renamedSlave = (reference: string) => [
  `${first}_parameter_dict.slave_instance_list[0].slave_reference: "_my-slave" -> "${reference}"`,
  `${first}_parameter_dict.slave_instance_list[0].slave_title: "_my-slave" -> "my-slave"`,
]

/** Exactly these differences, whatever their order. */
function assertOnly(found: readonly string[], expected: readonly (RegExp | string)[]): void {
  const rest = found.filter((line) => !expected.some((one) => (one instanceof RegExp ? one.test(line) : one === line)))
  assert.deepEqual(rest, [], 'differences that nobody wrote down')
  for (const one of expected) {
    assert.ok(
      found.some((line) => (one instanceof RegExp ? one.test(line) : one === line)),
      `${one} is no more`,
    )
  }
}

describe('the recorded exchanges, replayed', () => {
  it('01 registers a node, whose id is read out of the certificate', async () => {
    const pair = await registered('01-node-register.http', 'computer')
    assert.equal(referenceOf(pair.certificate), COMPUTER)
    assert.equal(pair.relative_url, 'compute_node_module/1')
    assert.match(pair.key, /^-----BEGIN PRIVATE KEY-----/)
    node = master.client(pair)
  })

  it('02 gives a person a certificate', async () => {
    const pair = await registered('02-configure-client.http', 'person')
    assert.match(pair.id, /^0x[0-9a-f]+$/)
    person = master.client(pair)
  })

  it('03 formats the node', async () => {
    const xml = recorded('03-loadComputerConfigurationFromXML.field-xml.xml')
    const answer = await node.post('loadComputerConfigurationFromXML', { xml })
    assert.deepEqual([answer.status, answer.body], [200, 'Content properly posted.'])
  })

  it('04 supplies a release', async () => assert.equal(await replay('04-supplySupply.http', person), 'None'))

  it('05 lists the free partitions, without the guid that the proxy invents', async () => {
    assertOnly(await comparedWith('05-getFullComputerInformation-free-partitions.response.xml'), [
      /\[0\]\._instance_guid: absent$/,
      /\[1\]\._instance_guid: absent$/,
    ])
  })

  it('06 is told that the release is being built', async () => {
    assert.equal(await replay('06-buildingSoftwareRelease.http', node), 'None')
    const status = await person.installationStatus(COMPUTER, RELEASE)
    assert.equal(status.text, `#building software release ${RELEASE}`)
  })

  it('07 places a service', async () => {
    const answer = plain(await post('07-requestComputerPartition-root.form.json', person))
    const theirs = plain(exchangeOf('07-requestComputerPartition-root.http').body)
    guid = String(Object(answer)._instance_guid)
    assert.match(guid, /^SOFTINST-\d+$/)
    assertOnly(differences(theirs, answer), [
      `_instance_guid: "COMP-1-slappart0" -> "${guid}"`,
      // The proxy's own: of the parameters a person gets back those that he gave.
      '_parameter_dict.timestamp: absent',
      'connection_xml: absent',
      'slap_server_url: absent',
    ])
    // The same bytes as the client sent them ask for the same.
    assert.deepEqual(plain(await replay('07-requestComputerPartition-root.http', person)), answer)
  })

  it('08 shows the service on its partition', async () => {
    const found = await comparedWith('08-getFullComputerInformation-one-instance.response.xml')
    assertOnly(found, [...occupied(first), /\[1\]\._instance_guid: absent$/])
  })

  it('09, 18 hand the node the certificate of the instance, with which it reads its partition', async () => {
    const pair = Object(plain((await node.raw({ ...CERTIFICATE, query: AT })).body))
    const theirs = Object(plain(recorded('18-getComputerPartitionCertificate.response.xml')))
    assert.deepEqual(Object.keys(pair), Object.keys(theirs))
    const [head = ''] = /^-+BEGIN [A-Z ]+-+/.exec(theirs.key) ?? []
    assert.ok(pair.key.startsWith(head), head)
    instance = master.client(pair)
    const query = { computer_reference: COMPUTER, computer_partition_reference: 'slappart0' }
    const answer = await instance.raw({ method: 'GET', path: 'registerComputerPartition', query })
    const found = differences(plain(recorded('09-registerComputerPartition.response.xml')), plain(answer.body))
    assertOnly(found, occupied(''))
  })

  it('10 places the child that an instance requests', async () => {
    const answer = plain(await post('10-requestComputerPartition-child.form.json', instance))
    const theirs = plain(recorded('10-requestComputerPartition-child.response.xml'))
    assertOnly(differences(theirs, answer), [
      /^_instance_guid: "COMP-1-slappart1" -> "SOFTINST-\d+"$/,
      '_parameter_dict.timestamp: absent',
      'connection_xml: absent',
      'slap_server_url: absent',
    ])
  })

  it('11 publishes connection parameters, which the person then sees', async () => {
    const name = '11-setComputerPartitionConnectionXml.form.json'
    assert.equal(await post(name, instance), 'None')
    const connection_xml = fieldsOf(name).connection_xml?.replace('fc01::2', 'fc01::3') ?? ''
    assert.equal(await post(name, node, { computer_partition_id: 'slappart1', connection_xml }), 'None')
    const { _connection_dict } = Object(plain(await post('07-requestComputerPartition-root.form.json', person)))
    assert.deepEqual(_connection_dict, { note: 'a < b & "c"', url: 'http://[fc01::2]:8080/' })
  })

  it('12 takes the list of children, which means nothing', async () => {
    const name = '12-updateComputerPartitionRelatedInstanceList.form.json'
    assert.equal(await post(name, node), 'None')
  })

  it('13, 14, 15 place a slave, show it to its host, and show the person what the host published for it', async () => {
    const filter_xml = fieldsOf('13-requestComputerPartition-slave.form.json').filter_xml ?? ''
    const changed = { filter_xml: filter_xml.replace('COMP-1-slappart0', guid) }
    const answer = Object(plain(await post('13-requestComputerPartition-slave.form.json', person, changed)))
    const theirs = plain(recorded('13-requestComputerPartition-slave.response.xml'))
    // It was recorded after the publication.
    assertOnly(differences(theirs, answer), ['_connection_dict.slave-url: absent', 'slap_server_url: absent'])
    // Without these the client reads the state and parameters of the host.
    assert.equal(answer._requested_state, 'started')
    const slave = answer._instance_guid

    const found = await comparedWith('14-getFullComputerInformation-with-slave.response.xml')
    assertOnly(found, [...occupied(first), ...occupied(second), ...renamedSlave(slave)])

    const name = '15-setComputerPartitionConnectionXml-for-slave.form.json'
    assert.equal(await post(name, instance, { slave_reference: slave }), 'None')
    const again = plain(await post('13-requestComputerPartition-slave.form.json', person, changed))
    assertOnly(differences(theirs, again), ['slap_server_url: absent'])
  })

  it('16, 17 take the reports of the node and of its partitions', async () => {
    assert.equal(await post('16-useComputer-node-report.form.json', node), 'OK')
    assert.equal(await post('17-useComputer-partition-report.form.json', node), 'OK')
    const broken = await node.post('useComputer', { computer_id: COMPUTER, use_string: '<journal><x/></journal>' })
    assert.equal(broken.status, 400)
  })

  it('19, 20, 21 list and show the service as hypertext', async () => {
    const url = await person.hateoasUrl()
    const root = JSON.parse((await person.raw({ method: 'GET', path: url })).body)
    const theirs = JSON.parse(recorded('19-hateoas-root-proxy.response.json'))
    assert.deepEqual(
      Object.keys(theirs._links).filter((name) => !(name in root._links)),
      [],
    )
    const { call, body } = exchangeOf('20-hateoas-search-proxy.http')
    const asked = new URL(call.path, 'http://recorded')
    const { contents } = JSON.parse(
      (await person.raw({ method: 'GET', path: `${url}/${asked.search}` })).body,
    )._embedded
    assert.equal(contents.length, JSON.parse(body)._embedded.contents.length)
    assert.equal(contents[0].title, 'my-demo')
    const path = `${url}?mode=traverse&relative_url=${encodeURIComponent(contents[0].relative_url)}&view=slaposjs_view`
    const view = JSON.parse((await person.raw({ method: 'GET', path })).body)
    const found = differences(JSON.parse(recorded('21-hateoas-view-proxy.response.json')), view)
    assertOnly(found, [
      /^_embedded\._view\.form_id\.default: /,
      // A list, as the newer of the two existing Masters has it, in place of an XML text.
      /^_embedded\._view\.my_connection_parameter_list\.default: ".*" -> \[\{"connection_key":"note"/,
      '_embedded._view.my_text_content.type: "StringField" -> "TextAreaField"',
      `_embedded._view.my_reference.default: "my-demo" -> "${guid}"`,
    ])
  })
})
