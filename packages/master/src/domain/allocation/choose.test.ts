import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { parseSla } from '../sla.ts'
import { type Demand, type NodeCandidate, rankNodes } from './choose.ts'

const numRuns = Number(process.env['SLAPOS_RUNS'] ?? 200)

const demand = (filter: Readonly<Record<string, string>>): Demand => ({
  releaseUrl: 'u',
  releaseName: 'frontend 1.0.0',
  softwareType: 'default',
  needsIpv6: false,
  sla: parseSla(filter),
  project: 'PROJ-1',
  usedNetworks: new Set(['NET-1']),
})

const node = (id: number, facts: Partial<NodeCandidate> = {}): NodeCandidate => ({
  computer: `COMP-${id}`,
  id,
  scope: 'open',
  silence: undefined,
  network: undefined,
  categories: {},
  used: 0,
  total: 4,
  capacity: undefined,
  supplied: true,
  otherReleases: [],
  hasIpv6: false,
  ...facts,
})

it('says what a node lacks, and what it has instead', () => {
  const { refusals, suitable } = rankNodes(demand({}), [
    node(0, { supplied: false, otherReleases: ['0.9.0', '0.8.0'] }),
    node(1, { capacity: 2, used: 2 }),
    node(2),
  ])
  assert.deepEqual(
    refusals.map(({ candidate, reason }) => `${candidate} ${reason}`),
    ['COMP-0 lacks frontend 1.0.0 (available: 0.9.0, 0.8.0)', 'COMP-1 has reached its capacity (2)'],
  )
  assert.deepEqual(
    suitable.map(({ computer }) => computer),
    ['COMP-2'],
  )
})

const anyNode = fc
  .record({
    scope: fc.constantFrom('open', 'open', 'open', 'close/maintenance'),
    silence: fc.constantFrom(undefined, undefined, 'is silent'),
    network: fc.constantFrom(undefined, 'NET-1', 'NET-2'),
    categories: fc.constantFrom({}, { region: 'a' }, { region: 'b' }),
    used: fc.nat(4),
    total: fc.integer({ min: 4, max: 8 }),
    capacity: fc.constantFrom(undefined, 3),
    supplied: fc.boolean(),
  })
  .map((facts) => facts as Partial<NodeCandidate>)
const anyFilter = fc.constantFrom<Record<string, string>>(
  {},
  { computer_guid: 'COMP-1' },
  { network_guid: 'NET-2' },
  { mode: 'unique_by_network' },
  { region: 'a' },
  { capability: 'gpu' },
)

it('ranks each acceptable node by its load, and gives every other one its reason', () => {
  fc.assert(
    fc.property(fc.array(anyNode, { maxLength: 8 }), anyFilter, (facts, filter) => {
      const wanted = demand(filter)
      const nodes = facts.map((fact, id) => node(id, fact))
      const { suitable, refusals } = rankNodes(wanted, nodes)
      assert.deepEqual(
        [...suitable.map(({ computer }) => computer), ...refusals.map(({ candidate }) => candidate)].sort(),
        nodes.map(({ computer }) => computer).sort(),
      )
      assert.ok(refusals.every(({ reason }) => reason !== ''))
      const load = ({ used, total, capacity }: NodeCandidate) => used / Math.min(capacity ?? total, total)
      for (const [index, candidate] of suitable.entries()) {
        assert.ok(candidate.scope === 'open' && candidate.supplied && candidate.silence === undefined)
        const next = suitable[index + 1]
        if (next) assert.ok(load(candidate) <= load(next))
      }
      // The order in which nodes are looked at changes nothing, nor do the others.
      assert.deepEqual(rankNodes(wanted, nodes.toReversed()).suitable, suitable)
      for (const candidate of suitable) assert.equal(rankNodes(wanted, [candidate]).suitable.length, 1)
    }),
    { numRuns },
  )
})

it('a release that needs IPv6 goes only where there is some', () => {
  const wanted = { ...demand({}), needsIpv6: true }
  assert.deepEqual(rankNodes(wanted, [node(0)]).refusals, [
    { candidate: 'COMP-0', reason: 'has no IPv6, which frontend 1.0.0 needs' },
  ])
  assert.equal(rankNodes(wanted, [node(0), node(1, { hasIpv6: true })]).suitable.length, 1)
})
