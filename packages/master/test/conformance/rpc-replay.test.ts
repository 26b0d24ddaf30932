/**
 * The exchanges that were recorded from the JSON API of `slapos proxy`, sent again in their order. Where the two
 * existing Masters agree, so does this one; where the proxy goes its own way (it has no accounts, no certificates, and
 * allocates at once or not at all), the answer of the other is expected here, and said so.
 */
import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { type ConformanceMaster, type Peer, startMaster } from './master.ts'
import { differences, recorded } from './recorded.ts'

interface Exchange {
  readonly method: string
  readonly request: unknown
  readonly status: number
  readonly response: unknown
}

const EXCHANGES: readonly Exchange[] = JSON.parse(recorded('22-json-rpc-proxy.json'))
const COMPUTER = 'COMP-2'

let master: ConformanceMaster
let person: Peer
let node: Peer

before(async () => {
  master = await startMaster()
  for (const title of ['first', 'second', 'third']) await master.cloud.nodes.create(master.owner, { title })
  person = master.client(await master.pairOf('person', master.person))
  node = master.client(await master.pairOf('computer', COMPUTER))
  // A node that was never in contact is given nothing.
  await node.computer(COMPUTER)
})
after(() => master.close())

/** What people do; the rest is for the node. */
const BY_PERSON =
  /post\.v0\.software|instance_tree|hateoas_url|compute_node_status|compute_node_certificate|compute_node_list|nothing/

const CERTIFICATE_REMOVED = EXCHANGES.findIndex(({ method }) => method === 'slapos.remove.v0.compute_node_certificate')

/** Names of the proxy to ours, learnt from the answers. */
const names = new Map<string, string>()
const translated = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_key, item) => (typeof item === 'string' ? (names.get(item) ?? item) : item))

async function send(at: number, { method, request }: Exchange, accept: string) {
  const who = BY_PERSON.test(method) || at > CERTIFICATE_REMOVED ? person : node
  const body = typeof request === 'string' ? request : JSON.stringify(translated(request))
  const headers = { 'content-type': 'application/json', accept }
  for (const deadline = Date.now() + 60_000; ; ) {
    const answer = await who.raw({ method: 'POST', path: method, headers, body })
    const json = /^application\/json/.test(String(answer.headers['content-type'])) ? JSON.parse(answer.body) : {}
    const waits = json.status === 102 && !body.includes('COMP-77') && Date.now() < deadline
    if (!waits) return { status: answer.status, json }
  }
}

const STATUS = [/^(processing_timestamp|access_status_message): /]
const CERTIFICATE = [/^(key|certificate): "" -> "/]

/** Differences on purpose, by the place in the recording: the answer's status, and what else of it. */
const OTHERWISE: Readonly<Record<number, readonly (string | RegExp)[]>> = {
  // An instance of the proxy has no status, and its clock counts seconds; here also, with the addresses of others.
  ...Object.fromEntries([6, 8, 10, 16].map((at) => [at, STATUS])),
  5: [...STATUS, /^ip_list: .* -> \[\["slaptap0","10\.0\.0\.2"\],\["slaptap0","fc01::12"\]\]$/],
  17: ['result_list: 3 -> 2'],
  18: CERTIFICATE,
  19: [/^hateoas_url: /],
  20: [/^text: "Unknown \(not implemented\)" -> "#/],
  // The schema of consumption is enforced.
  22: ['status: 200 -> 400'],
  // One is active.
  23: ['status: 200 -> 403'],
  // Waiting is no error.
  31: ['status: 403 -> 200'],
  // The certificate of the node is gone, and persons report nothing.
  32: ['status: 200 -> 403'],
  // An experiment of the proxy.
  33: ['status: 200 -> 404'],
}

for (const [at, exchange] of EXCHANGES.entries()) {
  it(`${at} ${exchange.method} answers ${exchange.status}`, async () => {
    const { status, json } = await send(at, exchange, exchange.status === 406 ? 'text/html' : 'application/json')
    learn(exchange.response, json)
    const found = status === exchange.status ? compared(exchange, json) : [`status: ${exchange.status} -> ${status}`]
    const expected = OTHERWISE[at] ?? []
    const known = (line: string) => expected.some((one) => (one instanceof RegExp ? one.test(line) : one === line))
    assert.deepEqual(
      found.filter((line) => !known(line)),
      [],
      'differences that nobody wrote down',
    )
    assert.equal(found.length > 0, expected.length > 0, 'a difference is no more')
  })
}

it('learnt the names of all instances', () => assert.ok(names.size >= 3))

function learn(theirs: unknown, ours: unknown): void {
  const [a, b] = [Object(theirs).instance_guid, Object(ours).instance_guid]
  if (typeof a === 'string' && typeof b === 'string') names.set(a, b)
}

/** Titles of successes and errors are for people: only their shape and their status are compared. */
function compared({ status, response }: Exchange, json: unknown): readonly string[] {
  if (typeof response === 'string') return []
  const theirs = Object(translated(response))
  if (status !== 200) return differences(Object.keys(theirs).sort(), Object.keys(Object(json)).sort())
  if (theirs.type === 'success') return Object(json).type === 'success' ? [] : ['type: success is absent']
  const [recordedRows, rows]: readonly unknown[] = [theirs.result_list, Object(json).result_list]
  if (Array.isArray(recordedRows) && Array.isArray(rows) && recordedRows.length !== rows.length) {
    return [`result_list: ${recordedRows.length} -> ${rows.length}`]
  }
  return differences(theirs, json)
}
