/** The JSON API: every method, its schemas in both directions, and its errors. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Ajv } from 'ajv'
import { METHODS } from '../../src/api/rpc/index.ts'
import { type ConformanceMaster, type Peer, startMaster } from './master.ts'

const RELEASE = 'https://example.org/demo/1.0.0/'
const ajv = new Ajv({ strict: false })
const called = new Set<string>()

let master: ConformanceMaster
let person: Peer
let node: Peer
let computer: string

before(async () => {
  master = await startMaster()
  computer = (await master.cloud.nodes.create(master.owner, { title: 'node', project: master.project })).computer
  person = master.client(await master.pairOf('person', master.person))
  node = master.client(await master.pairOf('computer', computer))
})
after(() => master.close())

async function exchange(peer: Peer, method: string, input: unknown, headers: Readonly<Record<string, string>> = {}) {
  const body = typeof input === 'string' ? input : JSON.stringify(input)
  const all = { 'content-type': 'application/json', ...headers }
  const answer = await peer.raw({ method: 'POST', path: method, headers: all, body })
  return { status: answer.status, json: JSON.parse(answer.body) }
}

async function call(peer: Peer, method: string, input: object) {
  const { status, json } = await exchange(peer, method, input)
  assert.equal(status, 200, JSON.stringify(json))
  const response = METHODS[method]?.response
  assert.ok(response, method)
  const valid: boolean = ajv.validate(response, json)
  assert.ok(valid, `${method}: ${ajv.errorsText()} ${JSON.stringify(json)}`)
  called.add(method)
  return json
}

async function failed(peer: Peer, method: string, input: unknown, headers?: Readonly<Record<string, string>>) {
  const { status, json } = await exchange(peer, method, input, headers)
  assert.deepEqual(Object.keys(json).sort(), ['status', 'title', 'type'])
  assert.equal(json.status, status)
  return [status, json.type]
}

const usageOf = (reference: string) =>
  '<journal><transaction type="Sale Packing List"><start_date>2026-11-21 00:00:00</start_date>' +
  '<stop_date>2026-11-21 23:59:59</stop_date><reference>2026-11-21-global</reference><currency/><payment_mode/>' +
  `<arrow type="Destination"/><movement><resource>service_module/memory_used</resource>` +
  `<reference>${reference}</reference><quantity>1.5</quantity><price>0.0</price><VAT/></movement></transaction></journal>`

/** The methods that existing clients call, each with an input of every property that its schema must check. */
const VALID: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'slapos.allDocs.v0.compute_node_instance_list': { computer_guid: 'COMP-1' },
  'slapos.allDocs.v0.compute_node_software_installation_list': { computer_guid: 'COMP-1' },
  'slapos.allDocs.v0.instance_node_instance_list': { instance_guid: 'SOFTINST-1' },
  'slapos.allDocs.v0.instance_tree_list': {},
  'slapos.get.v0.compute_node_status': { computer_guid: 'COMP-1' },
  'slapos.get.v0.compute_partition': { computer_guid: 'COMP-1', compute_partition_id: 'slappart0' },
  'slapos.get.v0.software_instance': { instance_guid: 'SOFTINST-1' },
  'slapos.get.v0.instance_tree': { title: 'title' },
  'slapos.get.v0.software_instance_certificate': { instance_guid: 'SOFTINST-1' },
  'slapos.get.v0.hateoas_url': {},
  'slapos.post.v0.software_instance': {
    ...{ title: 'title', software_release_uri: RELEASE, software_type: 'default', state: 'started' },
    ...{ parameters: {}, shared: false, sla_parameters: {} },
  },
  'slapos.post.v0.software_installation': {
    computer_guid: 'COMP-1',
    software_release_uri: RELEASE,
    state: 'available',
  },
  'slapos.post.v0.compute_node_usage': { computer_guid: 'COMP-1', tioxml: '<journal/>' },
  'slapos.post.v0.compute_node_certificate': { computer_guid: 'COMP-1' },
  'slapos.put.v0.compute_node_format': { computer_guid: 'COMP-1', compute_partition_list: [] },
  'slapos.put.v0.compute_node_bang': { computer_guid: 'COMP-1', message: 'message' },
  'slapos.put.v0.software_installation_reported_state': {
    ...{ computer_guid: 'COMP-1', software_release_uri: RELEASE, reported_state: 'available' },
  },
  'slapos.put.v0.software_installation_error': {
    ...{ computer_guid: 'COMP-1', software_release_uri: RELEASE, message: 'message' },
  },
  'slapos.put.v0.software_instance_reported_state': { instance_guid: 'SOFTINST-1', reported_state: 'started' },
  'slapos.put.v0.software_instance_error': { instance_guid: 'SOFTINST-1', message: 'message' },
  'slapos.put.v0.software_instance_bang': { instance_guid: 'SOFTINST-1', message: 'message' },
  'slapos.put.v0.software_instance_title': { instance_guid: 'SOFTINST-1', title: 'title' },
  'slapos.put.v0.software_instance_connection_parameter': {
    ...{ instance_guid: 'SOFTINST-1', connection_parameter_dict: {} },
  },
  'slapos.remove.v0.compute_node_certificate': { computer_guid: 'COMP-1' },
}
const OPTIONAL = new Set(['state', 'parameters', 'shared', 'sla_parameters'])
const requiredBy = (method: string) => Object.keys(VALID[method] ?? {}).filter((name) => !OPTIONAL.has(name))
const omit = (input: Readonly<Record<string, unknown>>, name: string) =>
  Object.fromEntries(Object.entries(input).filter(([key]) => key !== name))

const success = { type: 'success' }
const assertSuccess = (answer: unknown) => assert.equal(Object(answer).type, success.type)

describe('the JSON API', () => {
  it('formats, supplies and reports software', async () => {
    const compute_partition_list = ['slappart0', 'slappart1'].map((partition_id, n) => ({
      partition_id,
      ip_list: [{ 'ip-address': `127.1.2.${n + 1}`, netmask: '255.255.255.255', 'network-interface': `slaptap${n}` }],
    }))
    assertSuccess(
      await call(node, 'slapos.put.v0.compute_node_format', { computer_guid: computer, compute_partition_list }),
    )
    const software = { computer_guid: computer, software_release_uri: RELEASE }
    assertSuccess(await call(person, 'slapos.post.v0.software_installation', software))
    for (const reported_state of ['building', 'available']) {
      const report = { ...software, reported_state }
      assertSuccess(await call(node, 'slapos.put.v0.software_installation_reported_state', report))
    }
    assertSuccess(await call(node, 'slapos.put.v0.software_installation_error', { ...software, message: 'boom' }))
    const listed = await call(node, 'slapos.allDocs.v0.compute_node_software_installation_list', {
      computer_guid: computer,
    })
    assert.deepEqual(listed.result_list, [{ software_release_uri: RELEASE, state: 'available' }])
    assert.deepEqual(
      await failed(node, 'slapos.put.v0.software_installation_reported_state', {
        ...software,
        reported_state: 'destroyed',
      }),
      [403, 'SOFTWARE-INSTALLATION-DESTROY-NOT-REQUESTED'],
    )
  })

  it('requests instances and tells everything about them', async () => {
    const asked = { title: 'demo', software_release_uri: RELEASE, software_type: 'default', parameters: { a: 'b <c>' } }
    await node.computer(computer)
    let demo = await call(person, 'slapos.post.v0.software_instance', asked)
    for (const deadline = Date.now() + 60_000; demo.status === 102 && Date.now() < deadline; ) {
      demo = await call(person, 'slapos.post.v0.software_instance', asked)
    }
    assert.deepEqual([demo.title, demo.state, demo.computer_guid], ['demo', 'started', computer])
    assert.equal(demo.ip_list.length, 1)
    const { instance_guid, compute_partition_id } = demo
    const place = { computer_guid: computer, compute_partition_id }
    for (const [peer, method, input] of [
      [node, 'slapos.get.v0.software_instance', { instance_guid }],
      [node, 'slapos.get.v0.compute_partition', place],
      [person, 'slapos.get.v0.instance_tree', { title: 'demo' }],
    ] as const) {
      assert.deepEqual(await call(peer, method, input), demo)
    }
    const slave = { title: 'slave', software_release_uri: RELEASE, software_type: 'default', shared: true }
    await call(person, 'slapos.post.v0.software_instance', slave)
    const slaves = await call(node, 'slapos.allDocs.v0.instance_node_instance_list', { instance_guid })
    assert.deepEqual(
      slaves.result_list.map(({ title }: { title: string }) => title),
      ['slave'],
    )
    const instances = await call(node, 'slapos.allDocs.v0.compute_node_instance_list', { computer_guid: computer })
    assert.deepEqual(
      instances.result_list.map(({ title }: { title: string }) => title),
      ['demo'],
    )
    const trees = await call(person, 'slapos.allDocs.v0.instance_tree_list', {})
    assert.deepEqual(trees.result_list.map(({ title }: { title: string }) => title).sort(), ['demo', 'slave'])
    const pair = await call(node, 'slapos.get.v0.software_instance_certificate', { instance_guid })
    assert.match(pair.key, /PRIVATE KEY/)
    assert.deepEqual(
      (await exchange(person, 'slapos.get.v0.software_instance_certificate', { instance_guid })).status,
      403,
    )

    const about = { instance_guid }
    assertSuccess(
      await call(node, 'slapos.put.v0.software_instance_reported_state', { ...about, reported_state: 'started' }),
    )
    assertSuccess(await call(node, 'slapos.put.v0.software_instance_error', { ...about, message: 'oops' }))
    assertSuccess(await call(node, 'slapos.put.v0.software_instance_bang', { ...about, message: 'bang' }))
    const connection_parameter_dict = { url: 'http://x/' }
    assertSuccess(
      await call(node, 'slapos.put.v0.software_instance_connection_parameter', { ...about, connection_parameter_dict }),
    )
    assertSuccess(await call(node, 'slapos.put.v0.software_instance_title', { ...about, title: 'renamed' }))
    const renamed = await call(node, 'slapos.get.v0.software_instance', about)
    assert.deepEqual([renamed.title, renamed.connection_parameters], ['renamed', connection_parameter_dict])
  })

  it('answers 102 to a person for what has no place', async () => {
    const asked = { title: 'nowhere', software_release_uri: 'https://example.org/none/', software_type: 'default' }
    const answer = await call(person, 'slapos.post.v0.software_instance', asked)
    assert.deepEqual([answer.status, answer.name], [102, 'SoftwareInstanceNotReady'])
  })

  it('tells an instance all about the child that waits, and shows it nothing but itself', async () => {
    const demo = await call(person, 'slapos.get.v0.instance_tree', { title: 'demo' }).catch(() =>
      call(person, 'slapos.get.v0.instance_tree', { title: 'renamed' }),
    )
    const { instance_guid } = demo
    const pair = await call(node, 'slapos.get.v0.software_instance_certificate', { instance_guid })
    const instance = master.client(pair)
    const asked = { title: 'waiting', software_release_uri: 'https://example.org/none/', software_type: 'default' }
    const child = await call(instance, 'slapos.post.v0.software_instance', asked)
    assert.deepEqual([child.title, child.root_instance_title], ['waiting', demo.root_instance_title])
    assert.deepEqual([child.computer_guid, child.compute_partition_id], ['', ''])
    assert.deepEqual([child.ip_list, child.full_ip_list], [[], []])
    const about = { computer_guid: computer }
    const listed = await call(instance, 'slapos.allDocs.v0.compute_node_instance_list', about)
    assert.deepEqual(
      listed.result_list.map((one: { instance_guid: string }) => one.instance_guid),
      [instance_guid],
    )
    for (const [method, input] of [
      ['slapos.post.v0.software_installation', { ...about, software_release_uri: RELEASE }],
      ['slapos.put.v0.compute_node_bang', { ...about, message: 'm' }],
      ['slapos.post.v0.compute_node_certificate', about],
    ] as const) {
      assert.equal((await failed(instance, method, input))[0], 403, method)
    }
  })

  it('keeps an instance that a node reports destroyed though nobody asked for it', async () => {
    const [{ instance_guid }] = (
      await call(node, 'slapos.allDocs.v0.compute_node_instance_list', { computer_guid: computer })
    ).result_list
    const report = { instance_guid, reported_state: 'destroyed' }
    assertSuccess(await call(node, 'slapos.put.v0.software_instance_reported_state', report))
    assert.equal((await call(node, 'slapos.get.v0.software_instance', { instance_guid })).state, 'started')
  })

  it('speaks about nodes', async () => {
    const about = { computer_guid: computer }
    assert.match((await call(person, 'slapos.get.v0.compute_node_status', about)).text, /^#/)
    assertSuccess(await call(node, 'slapos.put.v0.compute_node_bang', { ...about, message: 'm' }))
    assertSuccess(await call(node, 'slapos.post.v0.compute_node_usage', { ...about, tioxml: usageOf(computer) }))
    const empty = { ...about, tioxml: '<journal/>' }
    assert.deepEqual(await failed(node, 'slapos.post.v0.compute_node_usage', empty), [400, 'INVALIDATE_TIOXML'])
    assert.equal((await call(person, 'slapos.get.v0.hateoas_url', {})).hateoas_url, `${master.url}/hateoas`)
    const other = { computer_guid: (await master.cloud.nodes.create(master.owner, { title: 'other' })).computer }
    assert.match((await call(person, 'slapos.post.v0.compute_node_certificate', other)).key, /PRIVATE KEY/)
    assertSuccess(await call(person, 'slapos.remove.v0.compute_node_certificate', other))
    assert.equal((await failed(person, 'slapos.remove.v0.compute_node_certificate', other))[0], 403)
  })

  it('has errors of one shape', async () => {
    const get = 'slapos.get.v0.software_instance'
    assert.deepEqual(await failed(node, get, { instance_guid: 'SOFTINST-99' }), [403, 'SOFTWARE-INSTANCE-NOT-FOUND'])
    assert.deepEqual(await failed(person, 'slapos.get.v0.instance_tree', { title: 'x' }), [
      403,
      'INSTANCE-TREE-NOT-FOUND',
    ])
    assert.deepEqual(await failed(node, get, { instance_guid: 'x', more: 1 }), [400, 'invalid-json-object-content'])
    assert.deepEqual(await failed(node, get, { instance_guid: 1 }), [400, 'invalid-json-object-content'])
    assert.deepEqual(await failed(node, get, '{bad'), [400, 'not-parsable-json-content'])
    assert.deepEqual(await failed(node, get, '[]'), [400, 'not-json-object-content'])
    assert.deepEqual(await failed(node, get, 'x', { 'content-type': 'text/xml' }), [415, 'unexpected-media-type'])
    assert.deepEqual(await failed(node, get, { instance_guid: 'x' }, { accept: 'text/html' }), [406, 'not-acceptable'])
    assert.equal((await node.raw({ method: 'GET', path: get })).status, 405)
    assert.equal((await node.raw({ method: 'POST', path: 'slapos.get.v0.nothing' })).status, 404)
    assert.equal((await master.client().raw({ method: 'POST', path: get })).status, 401)
  })

  it('offers the methods that existing clients call, and no other', () => {
    assert.deepEqual(Object.keys(METHODS).sort(), Object.keys(VALID).sort())
  })

  for (const [method, valid] of Object.entries(VALID)) {
    it(`${method} refuses what its schema does not allow`, async () => {
      const wrong: readonly (readonly [what: string, input: Readonly<Record<string, unknown>>])[] = [
        ['a property that it does not know', { ...valid, unknown_property: 'x' }],
        ...requiredBy(method).map((name) => [`no ${name}`, omit(valid, name)] as const),
        ...Object.keys(valid).map((name) => [`a number within a list as ${name}`, { ...valid, [name]: [1] }] as const),
        ...Object.keys(valid).map((name) => [`nothing as ${name}`, { ...valid, [name]: null }] as const),
      ]
      for (const [what, input] of wrong) {
        assert.deepEqual(await failed(person, method, input), [400, 'invalid-json-object-content'], what)
      }
    })
  }

  it('refuses titles of more than 200 characters, states and reports that do not exist', async () => {
    const instance = { instance_guid: 'SOFTINST-1' }
    const long = 'x'.repeat(201)
    const title = 'slapos.put.v0.software_instance_title'
    for (const [method, input] of [
      ['slapos.get.v0.instance_tree', { title: long }],
      [title, { ...instance, title: long }],
      [title, { ...instance, title: '' }],
      ['slapos.post.v0.software_instance', { ...VALID['slapos.post.v0.software_instance'], title: long }],
      ['slapos.post.v0.software_instance', { ...VALID['slapos.post.v0.software_instance'], state: 'paused' }],
      ['slapos.post.v0.software_installation', { ...VALID['slapos.post.v0.software_installation'], state: 'started' }],
      ['slapos.put.v0.software_instance_reported_state', { ...instance, reported_state: 'available' }],
      [
        'slapos.put.v0.software_installation_reported_state',
        { ...VALID['slapos.put.v0.software_installation_reported_state'], reported_state: 'started' },
      ],
    ] as const) {
      assert.deepEqual(await failed(person, method, input), [400, 'invalid-json-object-content'], method)
    }
  })

  it('answers each kind of absent thing with its own type', async () => {
    const computer_guid = 'COMP-999'
    const instance_guid = 'SOFTINST-999'
    for (const [method, input, type] of [
      ['slapos.get.v0.compute_node_status', { computer_guid }, 'COMPUTE-NODE-NOT-FOUND'],
      ['slapos.allDocs.v0.compute_node_instance_list', { computer_guid }, 'COMPUTE-NODE-NOT-FOUND'],
      ['slapos.allDocs.v0.compute_node_software_installation_list', { computer_guid }, 'COMPUTE-NODE-NOT-FOUND'],
      ['slapos.put.v0.compute_node_bang', { computer_guid, message: '' }, 'COMPUTE-NODE-NOT-FOUND'],
      ['slapos.post.v0.compute_node_certificate', { computer_guid }, 'COMPUTE-NODE-NOT-FOUND'],
      ['slapos.post.v0.software_installation', { computer_guid, software_release_uri: RELEASE }, 'SUPPLY-FAILED'],
      ['slapos.allDocs.v0.instance_node_instance_list', { instance_guid }, 'HOST-INSTANCE-NOT-FOUND'],
      ['slapos.put.v0.software_instance_bang', { instance_guid, message: '' }, 'SOFTWARE-INSTANCE-NOT-FOUND'],
      ['slapos.put.v0.software_instance_title', { instance_guid, title: 'x' }, 'SOFTWARE-INSTANCE-NOT-FOUND'],
    ] as const) {
      assert.deepEqual(await failed(person, method, input), [403, type], method)
    }
    const absent = { computer_guid: computer, software_release_uri: 'https://example.org/absent/' }
    for (const [method, more] of [
      ['slapos.put.v0.software_installation_error', { message: 'x' }],
      ['slapos.put.v0.software_installation_reported_state', { reported_state: 'building' }],
    ] as const) {
      const answer = await failed(node, method, { ...absent, ...more })
      assert.deepEqual(answer, [403, 'SOFTWARE-INSTALLATION-NOT-FOUND'], method)
    }
  })

  it('was called in full', () => {
    assert.deepEqual([...called].sort(), Object.keys(METHODS).sort())
  })
})
