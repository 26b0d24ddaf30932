import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, beforeEach, describe, it } from 'node:test'
import { readCertificate, readComputer, readComputerPartition, readRequestedInstance } from '@slapos/slap'
import { masterErrors } from '../../errors.ts'
import { slapSurface } from './index.ts'
import { type CloudDouble, cloudDouble, identifyByHeader, type Listening, listening, OCCUPANT } from './testing.ts'

const golden = (name: string) =>
  readFileSync(new URL(`../../../../slap/src/golden/${name}`, import.meta.url), 'utf8').trimEnd()

let cloud: CloudDouble
let server: Listening
let hateoas: string | undefined
const current = () => cloud

before(async () => {
  // The surface keeps the documents of one cloud: each test gets another cloud behind the same door.
  server = await listening(async (app) => {
    await app.register(slapSurface, {
      cloud: {
        demand: (...asked) => current().demand(...asked),
        get limits() {
          return current().limits
        },
        get nodes() {
          return current().nodes
        },
        get software() {
          return current().software
        },
        get instances() {
          return current().instances
        },
      },
      identify: identifyByHeader,
      certificates: {
        ofInstance: async (guid) => ({ certificate: `certificate of ${guid}`, key: 'key' }),
        issuePair: async () => {
          throw new Error('not in this test')
        },
        revokeSubject: async () => 0,
      },
      hateoasUrl: () => hateoas,
    })
  })
})
after(() => server.close())
beforeEach(() => {
  const revision = cloud?.revisionNow ?? 0
  cloud = cloudDouble()
  cloud.revisionNow = revision + 1
  hateoas = 'https://master/hateoas'
})

type Fields = Readonly<Record<string, string>>
const NODE = 'computer COMP-1'
const PERSON = 'person P-1'
const INSTANCE = 'instance SOFTINST-8'
const PLACE = { computer_id: 'COMP-1', computer_partition_id: 'slappart0' }
const AT = { computer: 'COMP-1', partition: 'slappart0' }

async function exchange(path: string, init: RequestInit) {
  const response = await fetch(`${server.url}${path}`, init)
  return { status: response.status, headers: response.headers, body: await response.text() }
}
const get = (path: string, query: Fields, caller = NODE, headers: Fields = {}) =>
  exchange(`/${path}?${new URLSearchParams(query)}`, { headers: { 'x-caller': caller, ...headers } })
const post = (path: string, fields: Fields, caller = NODE) =>
  exchange(`/${path}`, { method: 'POST', headers: { 'x-caller': caller }, body: new URLSearchParams(fields) })

describe('the computer document', () => {
  it('is marshalled, says its charset, its age and its tag', async () => {
    const { status, headers, body } = await get('getFullComputerInformation', { computer_id: 'COMP-1' })
    assert.equal(status, 200)
    assert.equal(headers.get('content-type'), 'text/xml; charset=utf-8')
    assert.equal(headers.get('cache-control'), 'public, max-age=1, stale-if-error=604800')
    assert.equal(headers.get('vary'), 'REMOTE_USER')
    assert.match(headers.get('etag') ?? '', /^".+"$/)
    assert.equal(readComputer(body).partitions[0]?.occupant?.parameters.greeting, 'Tom & <Jérôme>')
  })

  it('is made once while the revision stands, and 304 for who has it', async () => {
    const ask = (headers: Fields = {}) => get('getFullComputerInformation', { computer_id: 'COMP-1' }, NODE, headers)
    const etag = (await ask()).headers.get('etag') ?? ''
    const unchanged = await ask({ 'if-none-match': etag })
    assert.deepEqual([unchanged.status, unchanged.body], [304, ''])
    assert.equal((await ask()).status, 200)
    assert.equal(cloud.calls.filter(([name]) => name === 'nodes.document').length, 1)
    cloud.revisionNow++
    assert.equal((await ask({ 'if-none-match': etag })).status, 304, 'the same content has the same tag')
    assert.equal(cloud.calls.filter(([name]) => name === 'nodes.document').length, 2)
  })

  it('never leaves the cache for a caller whose rights were not checked', async () => {
    await get('getFullComputerInformation', { computer_id: 'COMP-1' })
    cloud.failWith = masterErrors.NOT_ALLOWED({ action: 'read', what: 'COMP-1', who: 'node' })
    for (const caller of [PERSON, 'computer COMP-2', INSTANCE]) {
      assert.equal((await get('getFullComputerInformation', { computer_id: 'COMP-1' }, caller)).status, 403)
    }
  })

  it('shows an instance its own partition and no software', async () => {
    const document = readComputer((await get('getComputerInformation', { computer_id: 'COMP-1' }, INSTANCE)).body)
    assert.deepEqual(
      document.partitions.map(({ partitionId }) => partitionId),
      ['slappart0'],
    )
    assert.deepEqual(document.installations, [])
  })

  it('one partition of it is marked as synced', async () => {
    const query = { computer_reference: 'COMP-1', computer_partition_reference: 'slappart0' }
    const { body } = await get('registerComputerPartition', query, INSTANCE)
    assert.match(body, /_synced/)
    assert.equal(readComputerPartition(body).occupant?.instanceGuid, 'SOFTINST-8')
  })
})

describe('who may not', () => {
  it('is told so before his body is read', async () => {
    assert.equal((await post('startedComputerPartition', PLACE, 'nobody')).status, 401)
    assert.equal((await post('startedComputerPartition', PLACE, 'revoked')).status, 403)
    assert.deepEqual(cloud.calls, [])
  })

  it('persons get no keys of instances, and machines manage no certificates of nodes', async () => {
    assert.equal((await get('getComputerPartitionCertificate', PLACE, PERSON)).status, 403)
    assert.equal((await post('revokeComputerCertificate', PLACE, NODE)).status, 403)
    const { body } = await get('getComputerPartitionCertificate', PLACE)
    assert.equal(readCertificate(body).certificate, 'certificate of SOFTINST-8')
  })

  it('404 is for what does not exist', async () => {
    assert.equal((await get('getFullComputerInformation', { computer_id: 'COMP-9' }, 'computer COMP-9')).status, 404)
    assert.equal((await post('revokeComputerCertificate', PLACE, PERSON)).status, 404)
    hateoas = undefined
    assert.equal((await get('getHateoasUrl', {})).status, 404)
  })

  it('a failure of the Master is not a 404, and says nothing about its insides', async () => {
    cloud.failWith = new Error('secret')
    const { status, body } = await get('getComputerStatus', { computer_id: 'COMP-1' })
    assert.equal(status, 500)
    assert.doesNotMatch(body, /secret/)
    cloud.failWith = masterErrors.DATABASE_UNWRITABLE({ reason: 'the disk is full' })
    const full = await post('startedComputerPartition', PLACE)
    assert.deepEqual([full.status, full.headers.get('retry-after')], [503, '5'])
  })
})

describe('requests', () => {
  for (const name of [
    '07-requestComputerPartition-root',
    '10-requestComputerPartition-child',
    '13-requestComputerPartition-slave',
  ]) {
    it(`understands ${name} as an existing client sends it`, async () => {
      const { fields } = JSON.parse(golden(`${name}.form.json`))
      const { status, body } = await post('requestComputerPartition', { ...fields, unknown_field: 'x' }, PERSON)
      assert.equal(status, 200)
      const [, request] = cloud.calls.at(-1) ?? []
      assert.equal(Object(request).title, fields.partition_reference)
      assert.equal(Object(request).shared, name.includes('slave'))
      assert.equal(Object(request).state, 'started')
      const read = readRequestedInstance(body, { title: '', releaseUrl: '', softwareType: '', state: 'stopped' })
      assert.equal(read.instanceGuid, OCCUPANT.instanceGuid)
    })
  }

  it('408 while there is no partition, with the reasons', async () => {
    const fields = { partition_reference: 'a', software_release: 'b' }
    cloud.answer = { kind: 'waiting', instanceGuid: 'SOFTINST-9', reasons: ['COMP-1 has no free partition'] }
    const waiting = await post('requestComputerPartition', fields, PERSON)
    assert.deepEqual([waiting.status, waiting.headers.get('cache-control')], [408, 'private'])
    assert.match(waiting.body, /no free partition/)
    cloud.answer = { kind: 'nothing' }
    assert.equal((await post('requestComputerPartition', fields, PERSON)).status, 408)
  })

  it('refuses what it cannot read, and changes nothing', async () => {
    const good = { partition_reference: 'a', software_release: 'b' }
    const bomb = '<!DOCTYPE m [<!ENTITY a "b">]><marshal><string>&a;</string></marshal>'
    for (const fields of [{ ...good, filter_xml: bomb }, { ...good, state: 'running' }, { partition_reference: 'a' }]) {
      assert.equal((await post('requestComputerPartition', fields, PERSON)).status, 400)
    }
    assert.deepEqual(cloud.calls, [])
  })

  it('refuses bodies that are too large, and states the limit', async () => {
    const { status, body } = await post('useComputer', { computer_id: 'COMP-1', use_string: 'x'.repeat(5_000_000) })
    assert.equal(status, 413)
    assert.match(body, /4194304 bytes/)
  })

  it('refuses malformed forms and other types', async () => {
    const send = (body: string, type: string) =>
      exchange('/supplySupply', { method: 'POST', headers: { 'x-caller': PERSON, 'content-type': type }, body })
    const form = 'application/x-www-form-urlencoded'
    assert.equal((await send('url=%ff', form)).status, 400)
    assert.equal((await send('url=a&url=b', form)).status, 400)
    assert.equal((await send('{}', 'application/json')).status, 415)
  })
})

describe('reports', () => {
  const url = OCCUPANT.releaseUrl
  const SOFTWARE = { computer_id: 'COMP-1', url }
  const cases: readonly [path: string, fields: Fields, said: string, call: readonly unknown[] | undefined][] = [
    ['supplySupply', { ...SOFTWARE, state: 'destroyed' }, 'None', ['software.supply', 'COMP-1', url, 'destroyed']],
    ['buildingSoftwareRelease', SOFTWARE, 'None', ['software.report', 'COMP-1', url, 'building']],
    ['availableSoftwareRelease', SOFTWARE, 'None', ['software.report', 'COMP-1', url, 'available']],
    ['destroyedSoftwareRelease', SOFTWARE, 'None', ['software.report', 'COMP-1', url, 'destroyed']],
    ['softwareReleaseError', { ...SOFTWARE, error_log: 'a\0b' }, 'None', ['software.error', 'COMP-1', url, 'ab']],
    ['startedComputerPartition', PLACE, 'None', ['instances.report', AT, 'started']],
    ['stoppedComputerPartition', PLACE, 'None', ['instances.report', AT, 'stopped']],
    ['destroyedComputerPartition', PLACE, 'None', ['instances.report', AT, 'destroyed']],
    ['softwareInstanceError', { ...PLACE, error_log: 'boom' }, 'None', ['instances.error', AT, 'boom', undefined]],
    ['softwareInstanceBang', { ...PLACE, message: 'm' }, 'OK', ['instances.bang', AT, 'm']],
    [
      'softwareInstanceRename',
      { ...PLACE, new_name: 'n', slave_reference: 'SOFTINST-9' },
      'None',
      ['instances.rename', AT, 'n', 'SOFTINST-9'],
    ],
    ['computerBang', { computer_id: 'COMP-1', message: 'Reboot' }, 'None', ['nodes.bang', 'COMP-1', 'Reboot']],
    [
      'useComputer',
      { computer_id: 'COMP-1', use_string: '<journal/>' },
      'OK',
      ['nodes.consumption', 'COMP-1', '<journal/>'],
    ],
    ['updateComputerPartitionRelatedInstanceList', { ...PLACE, instance_reference_xml: 'x' }, 'None', undefined],
  ]
  for (const [path, fields, said, call] of cases) {
    it(path, async () => {
      const { status, body } = await post(path, fields)
      assert.deepEqual([status, body], [200, said])
      assert.deepEqual(cloud.calls.at(-1), call)
    })
  }

  it('takes the literal None for no slave, in any case', async () => {
    const { fields } = JSON.parse(golden('11-setComputerPartitionConnectionXml.form.json'))
    for (const slave_reference of ['None', 'none']) {
      await post('setComputerPartitionConnectionXml', { ...fields, slave_reference }, INSTANCE)
      const connection = { note: 'a < b & "c"', url: 'http://[fc01::2]:8080/' }
      assert.deepEqual(cloud.calls.at(-1), ['instances.publish', AT, connection, undefined])
    }
    await post('setComputerPartitionConnectionXml', { ...fields, slave_reference: 'SOFTINST-9' }, INSTANCE)
    assert.equal(cloud.calls.at(-1)?.[3], 'SOFTINST-9')
  })

  it('takes the format of an existing node', async () => {
    const xml = golden('03-loadComputerConfigurationFromXML.field-xml.xml')
    const { body } = await post('loadComputerConfigurationFromXML', { xml })
    assert.equal(body, 'Content properly posted.')
    assert.equal(Object(cloud.calls.at(-1)?.[1]).reference, 'COMP-1')
  })

  it('a destruction that nobody asked for means nothing', async () => {
    cloud.failWith = masterErrors.DESTROY_NOT_ASKED({ what: 'SOFTINST-8' })
    assert.equal((await post('destroyedComputerPartition', PLACE)).status, 200)
  })
})

describe('small answers', () => {
  it('have their shapes, types and ages', async () => {
    const releases = await get('getSoftwareReleaseListFromSoftwareProduct', { software_product_reference: 'demo' })
    assert.match(releases.body, /^<marshal><list id="i2"><string>http:\/\/sr.example\/2/)
    const addresses = await get('getHostingSubscriptionIpList', PLACE)
    assert.match(addresses.body, /^<marshal><list id="i2"><tuple>/)
    for (const path of ['getComputerStatus', 'getComputerPartitionStatus', 'getSoftwareInstallationStatus']) {
      const { body, headers } = await get(path, { ...PLACE, url: OCCUPANT.releaseUrl })
      assert.match(body, /#access COMP-1/)
      assert.equal(headers.get('cache-control'), 'public, max-age=60, stale-if-error=604800')
    }
    const url = await get('getHateoasUrl', {})
    assert.equal(url.body, 'https://master/hateoas')
    assert.match((await post('requestComputer', { computer_title: 'x' }, PERSON)).body, /<string>COMP-1<\/string>/)
  })
})
