import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import type { ComputerDocument, OccupantDocument } from '../../documents.ts'
import { readComputer, readComputerPartition, writeComputer, writeComputerPartition } from './computer.ts'
import { readFormat, writeFormat } from './format.ts'
import { readRequestForm, textsOf, writeRequestForm } from './request-form.ts'
import { readRequestedInstance, writeRequestedInstance } from './requested-instance.ts'
import {
  readAccessStatus,
  readAddressList,
  readCertificate,
  readTextList,
  writeAccessStatus,
  writeAddressList,
  writeCertificate,
  writeTextList,
} from './small.ts'

const golden = (name: string) => readFileSync(new URL(`../../golden/${name}`, import.meta.url), 'utf8').trimEnd()
const form = (name: string) => JSON.parse(golden(name)).fields

const instance: OccupantDocument = {
  instanceGuid: 'SOFTINST-8',
  title: 'FRONTEND',
  rootTitle: 'FRONTEND',
  state: 'started',
  releaseUrl: 'http://sr.example/demo/software.cfg',
  softwareType: 'default',
  parameters: { _: '{"domain": "example.com"}' },
  connection: { _: '{"url": "http://[fc01::2]:8080/"}' },
  filter: { computer_guid: 'COMP-1' },
  accessStatus: '#access Instance correctly started',
  ipList: [
    ['slaptap0', '10.0.77.40'],
    ['slaptap0', 'fc01::2'],
  ],
  fullIpList: [['route_slaptap0', '10.1.0.2', '10.1.0.1', '255.255.0.0', '10.1.0.0']],
  slaves: [
    {
      reference: 'SOFTINST-9',
      title: 'my site',
      softwareType: 'default',
      parameters: { custom_domain: 'www.example.com', url: 'https://backend.example/' },
      connection: { site_url: 'https://www.example.com/', url: 'overridden by the parameter' },
      timestamp: '1795342751717264',
    },
  ],
  timestamp: '1795342751717264',
}

const dying: OccupantDocument = {
  ...instance,
  instanceGuid: 'SOFTINST-4',
  title: 'old',
  rootTitle: 'old',
  state: 'destroyed',
  parameters: {},
  connection: {},
  filter: {},
  accessStatus: '#error while instanciating: Promise check-url failed',
  ipList: [
    ['slaptap1', '10.0.215.43'],
    ['slaptap1', 'fc01::3'],
  ],
  fullIpList: [],
  slaves: [],
  timestamp: '1795342000000000',
}

const computer: ComputerDocument = {
  computerId: 'COMP-1',
  partitions: [
    { computerId: 'COMP-1', partitionId: 'slappart0', occupant: instance },
    { computerId: 'COMP-1', partitionId: 'slappart1', occupant: dying },
    { computerId: 'COMP-1', partitionId: 'slappart2', occupant: undefined },
  ],
  installations: [
    { url: 'http://sr.example/demo/software.cfg', state: 'available' },
    { url: 'http://sr.example/old/software.cfg', state: 'destroyed' },
  ],
}

const request = {
  title: 'my-slave',
  releaseUrl: 'http://127.0.0.1:25002/demo/software.cfg',
  softwareType: 'default',
  state: 'started',
} as const

describe('the computer document', () => {
  it('has the shape of an existing Master, byte for byte', () => {
    assert.equal(writeComputer(computer), golden('40-master-shape-getFullComputerInformation.response.xml'))
  })

  it('reads back; the published values of slaves have joined their parameters', () => {
    const read = readComputer(writeComputer(computer))
    const [slave] = instance.slaves
    assert.deepEqual(read, {
      ...computer,
      partitions: computer.partitions.map((partition) =>
        partition.occupant === instance
          ? {
              ...partition,
              occupant: {
                ...instance,
                slaves: [
                  {
                    ...slave,
                    connection: {},
                    parameters: { ...slave?.parameters, site_url: 'https://www.example.com/' },
                  },
                ],
              },
            }
          : partition,
      ),
    })
  })

  it('lets reserved keys win over parameters of the same name', () => {
    const occupant = { ...dying, parameters: { timestamp: 'x', slave_instance_list: 'y', zed: 'z', Alpha: 'a' } }
    const partition = { computerId: 'COMP-1', partitionId: 'slappart0', occupant }
    const read = readComputerPartition(writeComputerPartition(partition))
    assert.deepEqual(read.occupant?.parameters, { zed: 'z', Alpha: 'a' })
    assert.equal(read.occupant?.timestamp, dying.timestamp)
  })

  it('marks the answer of registerComputerPartition as synced', () => {
    const partition = { computerId: 'COMP-1', partitionId: 'slappart0', occupant: instance }
    assert.match(writeComputerPartition(partition), /<string>_synced<\/string><bool>1<\/bool><\/dictionary><\/object>/)
  })
})

describe('what slapos proxy sends', () => {
  it('free partitions that carry a guid are free', () => {
    const { partitions } = readComputer(golden('05-getFullComputerInformation-free-partitions.response.xml'))
    assert.deepEqual(
      partitions.map(({ partitionId, occupant }) => [partitionId, occupant]),
      [
        ['slappart0', undefined],
        ['slappart1', undefined],
      ],
    )
  })

  it('busy partitions without status, filter and full addresses, with a float timestamp', () => {
    const { partitions, installations } = readComputer(golden('14-getFullComputerInformation-with-slave.response.xml'))
    const [first] = partitions
    assert.equal(first?.occupant?.timestamp, '1795342751.7172642')
    assert.equal(first?.occupant?.accessStatus, undefined)
    assert.deepEqual(first?.occupant?.filter, {})
    assert.deepEqual(first?.occupant?.fullIpList, [])
    assert.deepEqual(first?.occupant?.parameters, { child: 'db', greeting: 'Tom & "Jerry" <hé>' })
    assert.deepEqual(first?.occupant?.slaves, [
      {
        reference: '_my-slave',
        title: '_my-slave',
        softwareType: 'default',
        parameters: { custom_domain: 'www.example.com' },
        connection: {},
        timestamp: '',
      },
    ])
    assert.deepEqual(installations, [{ url: request.releaseUrl, state: 'available' }])
    assert.deepEqual(
      readComputerPartition(golden('09-registerComputerPartition.response.xml')).occupant?.title,
      'my-demo',
    )
  })

  it('null parameter values and <unicode> are texts', () => {
    const xml = golden('09-registerComputerPartition.response.xml')
      .replace('<string>db</string>', '<none/>')
      .replace('<string>my-demo</string>', '<unicode>my-demo</unicode>')
    const { occupant } = readComputerPartition(xml)
    assert.equal(occupant?.parameters.child, '')
    assert.equal(occupant?.title, 'my-demo')
  })

  it('answers of request without state, guid and title are completed from the request', () => {
    const it = readRequestedInstance(golden('13-requestComputerPartition-slave.response.xml'), request)
    assert.deepEqual([it.title, it.state, it.instanceGuid, it.timestamp], ['my-slave', 'started', '', ''])
    assert.deepEqual(it.connection, { 'slave-url': 'http://_my-slave.example/' })
    const child = readRequestedInstance(golden('10-requestComputerPartition-child.response.xml'), request)
    assert.equal(child.timestamp, '1795342721.6032286')
    assert.deepEqual(child.parameters, { parent: 'my-demo', role: 'child' })
  })
})

describe('the answer of request', () => {
  it('has the shape of an existing Master, byte for byte', () => {
    const xml = golden('41-master-shape-requestComputerPartition.response.xml')
    const it = readRequestedInstance(xml, request)
    assert.equal(it.instanceGuid, 'SOFTINST-9')
    assert.equal(it.title, 'my site')
    assert.equal(writeRequestedInstance(it), xml)
  })
})

describe('the form of request', () => {
  for (const name of [
    '07-requestComputerPartition-root',
    '10-requestComputerPartition-child',
    '13-requestComputerPartition-slave',
  ]) {
    it(`reads and writes ${name}`, () => {
      const fields = form(`${name}.form.json`)
      const read = readRequestForm(fields)
      // The client of slapos.core sends no state for "started"; ours says it.
      const state = '<marshal><string>started</string></marshal>'
      assert.deepEqual(writeRequestForm(read), { ...fields, state })
    })
  }

  it('has the defaults of old clients', () => {
    const { state, softwareType, shared, parameters } = readRequestForm({
      partition_reference: 'a',
      software_release: 'b',
    })
    assert.deepEqual(
      { state, softwareType, shared, parameters },
      { state: 'started', softwareType: 'default', shared: false, parameters: {} },
    )
  })

  it('takes parameters that are not texts as an existing Master does: as Python prints them', () => {
    const values = '<int>5</int><bool>1</bool><none/><list><int>1</int><string>x</string></list>'
    const pairs = values.match(/<(\w+)\/>|<(\w+)>.*?<\/\2>/g)?.map((value, n) => `<string>p${n}</string>${value}`)
    const { parameters } = readRequestForm({
      partition_reference: 'a',
      software_release: 'b',
      partition_parameter_xml: `<marshal><dictionary>${pairs?.join('')}</dictionary></marshal>`,
    })
    assert.deepEqual(parameters, { p0: '5', p1: 'True', p2: '', p3: "[1, 'x']" })
  })

  it('refuses what it cannot understand, and says where', () => {
    const good = { partition_reference: 'a', software_release: 'b' }
    const wrong = [
      { software_release: 'b' },
      { ...good, state: '<marshal><string>running</string></marshal>' },
      { ...good, shared_xml: '<marshal><string>yes</string></marshal>' },
      { ...good, computer_id: 'COMP-1' },
      { ...good, filter_xml: '<marshal><list/></marshal>' },
    ]
    for (const fields of wrong)
      assert.throws(() => readRequestForm(fields), { code: 'DOCUMENT_UNEXPECTED', status: 400 })
    assert.throws(() => readRequestForm({ ...good, filter_xml: '<marshal>' }), { code: 'MARSHAL_INVALID' })
  })

  it('reads published connection parameters', () => {
    assert.deepEqual(textsOf(form('11-setComputerPartitionConnectionXml.form.json'), 'connection_xml'), {
      note: 'a < b & "c"',
      url: 'http://[fc01::2]:8080/',
    })
  })
})

describe('the format dictionary', () => {
  it('reads and writes what an existing node posts, byte for byte', () => {
    const xml = golden('03-loadComputerConfigurationFromXML.field-xml.xml')
    const read = readFormat(xml)
    assert.equal(read.reference, 'COMP-1')
    assert.deepEqual(
      read.partition_list.map(({ reference }) => reference),
      ['slappart0', 'slappart1'],
    )
    assert.equal(read.partition_list[0]?.tap.name, 'slaptap0')
    assert.equal(writeFormat(read), xml)
  })

  it('takes the least that a node may send', () => {
    const partition = '<dictionary><string>reference</string><string>slappart0</string></dictionary>'
    const read = readFormat(
      `<marshal><dictionary><string>reference</string><string>COMP-2</string><string>partition_list</string><list>${partition}</list></dictionary></marshal>`,
    )
    assert.equal(read.partition_list[0]?.path, '')
    assert.equal(read.interface, null)
    assert.deepEqual(readFormat(writeFormat(read)), read)
  })
})

describe('small answers', () => {
  it('access status, byte for byte', () => {
    const xml = golden('42-master-shape-getComputerPartitionStatus.response.xml')
    assert.equal(writeAccessStatus(readAccessStatus(xml)), xml)
  })

  it('certificate pair, byte for byte', () => {
    const xml = golden('18-getComputerPartitionCertificate.response.xml')
    const pair = readCertificate(xml)
    assert.match(pair.key, /^-----BEGIN PRIVATE KEY-----/)
    assert.equal(writeCertificate(pair), xml)
  })

  it('lists of releases are lists, addresses are lists of tuples', () => {
    assert.deepEqual(readTextList(writeTextList(['b', 'a'])), ['b', 'a'])
    const pairs = [['slaptap0', '10.0.0.1']] as const
    assert.match(writeAddressList(pairs), /<list id="i2"><tuple><string>slaptap0/)
    assert.deepEqual(readAddressList(writeAddressList(pairs)), pairs)
  })
})
