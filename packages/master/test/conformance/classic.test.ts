/**
 * The ten rules that every Master must keep for the existing nodes and clients, against a Master as `slapos master start`
 * runs it. Each rule is a group of tests that is named after it.
 */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import {
  enrolComputer,
  type InstanceRequest,
  marshal,
  masterFailure,
  ObjectValue,
  type OccupantDocument,
  referenceOf,
  unmarshal,
  writeRequestForm,
} from '@slapos/slap'
import { type ConformanceMaster, type Peer, startConformanceMaster } from './master.ts'

const RELEASE = 'https://example.org/demo/1.0.0/'

let master: ConformanceMaster
let person: Peer
let node: Peer
let computer: string

before(async () => {
  master = await startConformanceMaster()
  computer = (await master.cloud.nodes.create(master.owner, { title: 'node', project: master.project })).computer
  person = master.client(await master.pairOf('person', master.person))
  node = master.client(await master.pairOf('computer', computer))
  await node.format(master.format(computer, 30))
  await person.supply(computer, RELEASE, 'available')
})
after(() => master.close())

const wanted = (title: string, more: Partial<InstanceRequest> = {}): InstanceRequest => ({
  title,
  releaseUrl: RELEASE,
  softwareType: 'default',
  parameters: {},
  filter: {},
  state: 'started',
  shared: false,
  ...more,
})

/** Asks until it is there, as clients do. */
async function request(asked: InstanceRequest, who: Peer = person) {
  for (const deadline = Date.now() + 20_000; ; ) {
    try {
      return await who.request(asked)
    } catch (error) {
      if (masterFailure(error) !== 'not-ready' || Date.now() > deadline) throw error
    }
  }
}

async function occupantOf(partitionId: string): Promise<OccupantDocument | undefined> {
  return (await node.computer(computer)).partitions.find((partition) => partition.partitionId === partitionId)?.occupant
}

const place = ({ partitionId }: { readonly partitionId: string }) => ({ computerId: computer, partitionId })

/** Every path of the classic API, with its method. */
const CLASSIC = [
  ...['getFullComputerInformation', 'getComputerInformation', 'registerComputerPartition', 'getHateoasUrl'],
  ...['getComputerPartitionCertificate', 'getComputerStatus', 'getComputerPartitionStatus'],
  ...['getSoftwareInstallationStatus', 'getHostingSubscriptionIpList', 'getSoftwareReleaseListFromSoftwareProduct'],
].map((name) => ['GET', name] as const)
const CLASSIC_POSTS = [
  ...['loadComputerConfigurationFromXML', 'supplySupply', 'requestComputerPartition', 'requestComputer'],
  ...[
    'generateComputerCertificate',
    'revokeComputerCertificate',
    'buildingSoftwareRelease',
    'availableSoftwareRelease',
  ],
  ...['destroyedSoftwareRelease', 'softwareReleaseError', 'startedComputerPartition', 'stoppedComputerPartition'],
  ...['destroyedComputerPartition', 'softwareInstanceError', 'softwareInstanceBang', 'softwareInstanceRename'],
  ...['setComputerPartitionConnectionXml', 'updateComputerPartitionRelatedInstanceList', 'useComputer', 'computerBang'],
].map((name) => ['POST', name] as const)

describe('rule 1: double-escaped marshalling with charset=utf-8, exact classes, tuples and lists', () => {
  it('marshals a computer as the classes of the existing client', async () => {
    await request(wanted('escaping', { parameters: { text: 'a & b <c> é' } }))
    const query = { computer_id: computer }
    const answer = await node.raw({ method: 'GET', path: 'getFullComputerInformation', query })
    assert.equal(answer.headers['content-type'], 'text/xml; charset=utf-8')
    assert.match(answer.body, /<string>a &amp;amp; b &amp;lt;c&amp;gt; &#233;<\/string>/)
    assert.match(answer.body, /<string>ip_list<\/string><list id="i\d+"><tuple><string>/)
    const document = unmarshal(answer.body)
    assert.ok(document instanceof ObjectValue)
    assert.deepEqual([document.className, document.arguments.items], ['Computer', [computer]])
    assert.equal(marshal(document), answer.body)
  })

  it('answers a list of releases, empty for an unknown product', async () => {
    const query = { software_product_reference: 'unknown' }
    const path = 'getSoftwareReleaseListFromSoftwareProduct'
    assert.equal((await person.raw({ method: 'GET', path, query })).body, '<marshal><list id="i2"/></marshal>')
  })
})

describe('rule 2: COMP-n/email in registration, // in paths, 403 for bad tokens, Certificate still active.', () => {
  const newToken = () => master.identity.tokens.create({ purpose: 'computer', person: master.person })

  for (const [side, address] of [
    ['the API', () => master.url],
    ['the web side', () => master.webUrl],
    ['the address of the former web side', () => `${master.webUrl}/erp5/web_site_module/hostingjs`],
  ] as const) {
    it(`registers at ${side}`, async () => {
      const web = { url: address(), tls: { ca: master.identity.authority.root } }
      const enrolled = await enrolComputer(web, await newToken(), { title: `registered at ${side}` })
      assert.match(referenceOf(enrolled.certificate) ?? '', /^COMP-\d+$/)
      const computers = enrolled.certificate.indexOf('COMP-')
      assert.match(enrolled.certificate.slice(computers), /^COMP-\d+\/emailAddress=\S+\n-----BEGIN CERTIFICATE-----/)
      await master
        .client({ certificate: enrolled.certificate, key: enrolled.key ?? '' })
        .computer(enrolled.reference ?? '')
      const again = enrolComputer(web, await newToken(), { title: `registered at ${side}` })
      await assert.rejects(again, (error) => /Certificate still active\./.test(Object(error).body))
    })

    it(`refuses absent and wrong tokens with 403 at ${side}, at //PATH too`, async () => {
      const stranger = master.client()
      for (const name of ['Person_requestComputer', 'Person_getCertificate']) {
        for (const path of [`${address()}/${name}`, `${address()}//${name}`]) {
          for (const headers of [{}, { 'x-access-token': 'wrong' }]) {
            const form = { 'content-type': 'application/x-www-form-urlencoded' }
            const answer = await stranger.raw({
              ...{ method: 'POST', path, body: 'title=stranger' },
              headers: { ...form, ...headers },
            })
            assert.equal(answer.status, 403, `${path}: ${answer.body}`)
          }
        }
      }
    })

    it(`registers with a name and a password at ${side}, after the word Logout`, async () => {
      const login = `login-${side.replaceAll(' ', '-')}`
      const someone = await master.cloud.people.create({ kind: 'system' }, { name: login, email: '' })
      await master.cloud.projects.create({ kind: 'system' }, { title: login, owner: someone })
      await master.identity.credentials.set(someone, login, 'correct horse battery')
      const stranger = master.client()
      const basic = (password: string) => ({
        authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`,
      })
      const headers = basic('correct horse battery')
      for (const path of [address(), `${address()}/`]) {
        const page = await stranger.raw({ method: 'GET', path, headers })
        assert.equal(page.status, 200)
        assert.match(page.body, /Logout/)
        const refused = await stranger.raw({ method: 'GET', path, headers: basic('wrong') })
        assert.equal(refused.status, 401)
        assert.doesNotMatch(refused.body, /Logout/)
      }
      const path = `${address()}//Person_requestComputer`
      const answer = await stranger.raw({ method: 'GET', path, query: { title: `node of ${login}` }, headers })
      assert.equal(answer.status, 200, answer.body)
      assert.match(referenceOf(JSON.parse(answer.body).certificate) ?? '', /^COMP-\d+$/)
    })
  }

  it('answers every call of the classic API at //NAME as at /NAME', async () => {
    for (const [method, name] of [...CLASSIC, ...CLASSIC_POSTS]) {
      const path = `${master.url}/${name}`
      const [single, double, triple] = await Promise.all(
        [path, path.replace(/\/(?=\w+$)/, '//'), path.replace(/\/(?=\w+$)/, '///')].map((each) =>
          person.raw({ method, path: each }),
        ),
      )
      assert.ok(single && double && triple)
      assert.doesNotMatch(single.body, /nothing at/, name)
      assert.deepEqual([double.status, double.body], [single.status, single.body], name)
      assert.deepEqual([triple.status, triple.body], [single.status, single.body], name)
    }
    const query = { url: RELEASE, computer_id: computer }
    const status = await person.raw({ method: 'GET', path: `${master.url}//getSoftwareInstallationStatus`, query })
    assert.equal(status.status, 200, 'slashes of values stay')
  })
})

describe('rule 3: 408 for not allocated yet, 404 only for what does not exist, never for a transient fault', () => {
  it('answers 408 for what has no place yet', async () => {
    const nowhere = writeRequestForm(wanted('nowhere', { releaseUrl: 'https://example.org/unsupplied/' }))
    const waiting = await person.post('requestComputerPartition', nowhere)
    assert.deepEqual([waiting.status, waiting.headers['cache-control']], [408, 'private'])
  })

  it('answers 404 for computers, partitions and installations that do not exist', async () => {
    for (const [path, query] of [
      ['getFullComputerInformation', { computer_id: 'COMP-999' }],
      ['getComputerStatus', { computer_id: 'COMP-999' }],
      ['registerComputerPartition', { computer_reference: computer, computer_partition_reference: 'slappart99' }],
      ['getComputerPartitionStatus', { computer_id: computer, computer_partition_id: 'slappart99' }],
      ['getSoftwareInstallationStatus', { computer_id: computer, url: 'https://example.org/unsupplied/' }],
    ] as const) {
      assert.equal((await person.raw({ method: 'GET', path, query })).status, 404, path)
    }
  })

  it('answers 5xx, not 404, while its database fails', async () => {
    const failing = await startConformanceMaster()
    try {
      const peer = failing.client(await failing.pairOf('person', failing.person))
      const broken = (await failing.cloud.nodes.create(failing.owner, { title: 'node' })).computer
      await failing.breakDatabase()
      for (const path of ['getFullComputerInformation', 'getComputerStatus']) {
        const { status, body } = await peer.raw({ method: 'GET', path, query: { computer_id: broken } })
        assert.ok(status >= 500, `${path}: ${status} ${body}`)
      }
      const { status } = await peer.post('supplySupply', { computer_id: broken, url: RELEASE, state: 'available' })
      assert.ok(status >= 500)
    } finally {
      await failing.close()
    }
  })
})

describe('rule 4: all partitions listed, free ones destroyed without release, destroyed ones with it until reported', () => {
  it('lists a free partition as destroyed, without a release', async () => {
    assert.equal((await node.computer(computer)).partitions.length, 30)
    const query = { computer_reference: computer, computer_partition_reference: 'slappart29' }
    assertFree((await node.raw({ method: 'GET', path: 'registerComputerPartition', query })).body)
  })

  it('keeps the release of what is to be destroyed, and frees the partition at the report', async () => {
    const it = await request(wanted('to destroy'))
    const form = writeRequestForm(wanted('to destroy', { state: 'destroyed' }))
    const destroyed = await person.post('requestComputerPartition', form)
    assert.ok([200, 408].includes(destroyed.status), destroyed.body)
    const dying = await occupantOf(it.partitionId)
    assert.deepEqual([dying?.state, dying?.releaseUrl], ['destroyed', RELEASE])
    await node.reportInstance(place(it), 'destroyed')
    const query = { computer_reference: computer, computer_partition_reference: it.partitionId }
    assertFree((await node.raw({ method: 'GET', path: 'registerComputerPartition', query })).body)
  })

  function assertFree(partition: string): void {
    assert.match(partition, /<string>_requested_state<\/string><string>destroyed<\/string>/)
    assert.match(partition, /<string>_software_release_document<\/string><none\/>/)
  }
})

describe('rule 5: an integer timestamp that changes exactly when there is something to do', () => {
  const stampOf = async (partitionId: string) => (await occupantOf(partitionId))?.timestamp ?? ''

  /** Whether `action` moves the timestamp of the partition. */
  async function moves(partitionId: string, action: () => Promise<unknown>): Promise<boolean> {
    const before = await stampOf(partitionId)
    assert.match(before, /^\d{16}$/)
    await action()
    const after = await stampOf(partitionId)
    assert.ok(Number(after) >= Number(before), 'it never goes back')
    return after !== before
  }

  it('stays with a repeated request, a report and a publication of its own', async () => {
    const asked = wanted('still')
    const { partitionId } = await request(asked)
    for (const action of [
      () => request(asked),
      () => node.reportInstance(place({ partitionId }), 'started'),
      () => node.publish(place({ partitionId }), { url: 'http://x/' }),
      () => node.publish(place({ partitionId }), { url: 'http://x/' }),
      () => node.instanceError(place({ partitionId }), 'promise failed'),
      () => node.format(master.format(computer, 30)),
    ]) {
      assert.equal(await moves(partitionId, action), false, String(action))
    }
  })

  it('moves with parameters, state, type, bang of the instance and bang of the computer', async () => {
    const asked = wanted('moving')
    const { partitionId } = await request(asked)
    const parameters = { a: '1' }
    for (const action of [
      () => request({ ...asked, parameters }),
      () => request({ ...asked, parameters, state: 'stopped' }),
      () => request({ ...asked, parameters, state: 'started' }),
      () => node.instanceBang(place({ partitionId }), 'again'),
      () => node.computerBang(computer, 'all of it'),
    ]) {
      assert.equal(await moves(partitionId, action), true, String(action))
    }
  })

  it('moves with a slave that is added, changed or removed', async () => {
    const only = { releaseUrl: 'https://example.org/host/1.0.0/' }
    await person.supply(computer, only.releaseUrl, 'available')
    const { partitionId } = await request(wanted('host of slaves', only))
    const slave = wanted('counted slave', { ...only, shared: true })
    for (const action of [
      () => request(slave),
      () => request({ ...slave, parameters: { a: '1' } }),
      () => person.post('requestComputerPartition', writeRequestForm({ ...slave, state: 'destroyed' })),
    ]) {
      assert.equal(await moves(partitionId, action), true, String(action))
    }
  })

  it('moves with what a child publishes that is new, not with what it repeats', async () => {
    const parent = await request(wanted('parent'))
    const instance = master.client(await node.partitionCertificate(place(parent)))
    const requester = { computerId: computer, partitionId: parent.partitionId }
    const child = await request(wanted('child', { requester }), instance)
    const publish = () => node.publish(place(child), { url: 'http://child/' })
    assert.equal(await moves(parent.partitionId, publish), true)
    assert.equal(await moves(parent.partitionId, publish), false)
    const bang = () => node.instanceBang(place(child), 'the chain of requesters hears it')
    assert.equal(await moves(parent.partitionId, bang), true)
  })

  it('moves with the addresses of the partition', async () => {
    const { partitionId } = await request(wanted('addressed'))
    const all = master.format(computer, 30)
    const partition_list = all.partition_list.map((each) =>
      each.reference === partitionId
        ? { ...each, address_list: [{ addr: '127.9.9.9', netmask: '255.255.255.255' }] }
        : each,
    )
    assert.equal(await moves(partitionId, () => node.format({ ...all, partition_list })), true)
    await node.format(all)
  })
})

describe('rule 6: _access_status with the prefixes #access, #error and #building', () => {
  it('tells instances, installations and computers', async () => {
    const it = await request(wanted('reported'))
    const status = async () => (await occupantOf(it.partitionId))?.accessStatus ?? ''
    assert.match(await status(), /^#error no data found for SOFTINST-\d+$/)
    await node.reportInstance(place(it), 'started')
    assert.equal(await status(), '#access Instance correctly started')
    await node.reportInstance(place(it), 'stopped')
    assert.equal(await status(), '#access Instance correctly stopped')
    await node.instanceError(place(it), 'promise failed')
    assert.equal(await status(), '#error while instanciating: promise failed')
    await node.instanceBang(place(it), 'help')
    assert.equal(await status(), '#error bang called: help')
    const release = async () => (await person.installationStatus(computer, RELEASE)).text
    await node.reportRelease(computer, RELEASE, 'building')
    assert.equal(await release(), `#building software release ${RELEASE}`)
    await node.reportRelease(computer, RELEASE, 'available')
    assert.equal(await release(), `#access software release ${RELEASE} available`)
    await node.computer(computer)
    assert.match((await person.computerStatus(computer)).text, /^#access/)
  })
})

describe('rule 7: slave answers with _requested_state, _instance_guid, _connection_dict, _parameter_dict', () => {
  it('answers a slave with its own', async () => {
    await request(wanted('host'))
    const slave = wanted('slave', { shared: true, parameters: { domain: 'x' } })
    await request(slave)
    const answer = await person.post('requestComputerPartition', writeRequestForm(slave))
    assert.equal(answer.status, 200)
    for (const key of ['_requested_state', '_instance_guid', '_connection_dict', '_parameter_dict']) {
      assert.match(answer.body, new RegExp(`<string>${key}</string>`))
    }
    assert.match(answer.body, /<string>_parameter_dict<\/string><dictionary id="i\d+"><string>domain<\/string>/)
  })
})

describe('rule 8: ignores the related list and unknown fields, takes the literal None and state <none/>', () => {
  it('takes a request with state <none/> and a field of the future', async () => {
    await request(wanted('tolerant'))
    const form = { ...writeRequestForm(wanted('tolerant')), state: '<marshal><none/></marshal>', future_field: '1' }
    assert.equal((await person.post('requestComputerPartition', form)).status, 200)
  })

  it('takes None in any case for no slave', async () => {
    const it = await request(wanted('tolerant'))
    for (const [slave_reference, url] of [
      ['None', 'x'],
      ['none', 'y'],
      ['NONE', 'z'],
    ] as const) {
      const at = { computer_id: computer, computer_partition_id: it.partitionId }
      const connection_xml = marshal(new Map([['url', url]]))
      const published = await node.post('setComputerPartitionConnectionXml', { ...at, connection_xml, slave_reference })
      assert.equal(published.status, 200)
      assert.deepEqual((await request(wanted('tolerant'))).connection, { url })
    }
  })

  it('does nothing with the list of related instances', async () => {
    const it = await request(wanted('tolerant'))
    await node.relatedInstances(place(it), ['a'])
  })
})

describe('rule 9: getHateoasUrl without newline, and a root whose self link begins with it', () => {
  it('gives the address, and the links', async () => {
    const { body: url } = await person.raw({ method: 'GET', path: 'getHateoasUrl' })
    assert.equal(url, `${master.url}/hateoas`)
    const { _links } = JSON.parse((await person.raw({ method: 'GET', path: url })).body)
    assert.ok(_links.self.href.startsWith(url))
  })
})

describe('rule 10: TLS with optional certificates of persons, nodes and instances; no log-in of browsers there', () => {
  it('gives an instance its key in PKCS #8, and what it may see', async () => {
    const it = await request(wanted('certified'))
    const pair = await node.partitionCertificate(place(it))
    assert.match(pair.key, /^-----BEGIN PRIVATE KEY-----/)
    const issuing = new X509Certificate(master.identity.authority.issuing)
    assert.equal(new X509Certificate(pair.certificate).checkIssued(issuing), true)
    const instance = master.client(pair)
    assert.equal((await instance.partition(place(it))).occupant?.instanceGuid, it.instanceGuid)
    assert.deepEqual((await instance.computer(computer)).installations, [])
    await assert.rejects(instance.supply(computer, RELEASE, 'destroyed'), { kind: 'refused' })
  })

  it('serves strangers nothing of the API, on no path', async () => {
    const stranger = master.client()
    for (const [method, path] of [...CLASSIC, ...CLASSIC_POSTS]) {
      assert.equal((await stranger.raw({ method, path })).status, 401, path)
    }
  })

  it('opens no session on the API', async () => {
    const body = JSON.stringify({ user: 'first', password: 'correct horse battery' })
    const headers = { 'content-type': 'application/json' }
    const answer = await master.client().raw({ method: 'POST', path: 'api/v1/session', headers, body })
    assert.ok(answer.status >= 400, `${answer.status}`)
    assert.equal(answer.headers['set-cookie'], undefined)
  })
})
