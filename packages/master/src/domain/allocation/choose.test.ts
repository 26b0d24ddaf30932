import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { parseSla } from '../sla.ts'
import { chooseNode, type Demand, type NodeCandidate } from './choose.ts'

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
  free: [{ capabilities: [], partitionId: id * 10 }],
  ...facts,
})

it('says what a node lacks, and what it has instead', () => {
  const choice = chooseNode(demand({}), [
    node(0, { supplied: false, otherReleases: ['0.9.0', '0.8.0'] }),
    node(1, { capacity: 2, used: 2 }),
    node(2, { free: [{ capabilities: ['gpu'], partitionId: 1 }] }),
  ])
  assert.deepEqual(
    choice.kind === 'refused' && choice.refusals.map(({ candidate, reason }) => `${candidate} ${reason}`),
    [
      'COMP-0 lacks frontend 1.0.0 (available: 0.9.0, 0.8.0)',
      'COMP-1 has reached its capacity (2)',
      'COMP-2 has only free partitions with special capabilities',
    ],
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
    free: fc.constantFrom([], [{ capabilities: [], partitionId: 1 }], [{ capabilities: ['gpu'], partitionId: 2 }]),
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

it('places on an acceptable node that is no more loaded than another, or gives every candidate its reason', () => {
  fc.assert(
    fc.property(fc.array(anyNode, { maxLength: 8 }), anyFilter, (facts, filter) => {
      const wanted = demand(filter)
      const nodes = facts.map((fact, id) => node(id, fact))
      const choice = chooseNode(wanted, nodes)
      const alone = nodes.map((candidate) => chooseNode(wanted, [candidate]))
      if (choice.kind === 'refused') {
        assert.deepEqual(
          choice.refusals.map(({ candidate }) => candidate),
          nodes.map(({ computer }) => computer),
        )
        assert.ok(choice.refusals.every(({ reason }) => reason !== ''))
        assert.ok(alone.every(({ kind }) => kind === 'refused'))
        return
      }
      const { candidate } = choice
      assert.ok(candidate.scope === 'open' && candidate.supplied && candidate.silence === undefined)
      const load = ({ used, total, capacity }: NodeCandidate) => used / Math.min(capacity ?? total, total)
      for (const [index, other] of nodes.entries()) {
        if (alone[index]?.kind === 'placed') assert.ok(load(candidate) <= load(other))
      }
      // The order in which nodes are looked at changes nothing.
      assert.deepEqual(chooseNode(wanted, nodes.toReversed()), choice)
    }),
    { numRuns },
  )
})

it('a release that needs IPv6 goes only where there is some', () => {
  const wanted = { ...demand({}), needsIpv6: true }
  const refused = chooseNode(wanted, [node(0)])
  assert.equal(refused.kind === 'refused' && refused.refusals[0]?.reason, 'has no IPv6, which frontend 1.0.0 needs')
  assert.equal(chooseNode(wanted, [node(0), node(1, { hasIpv6: true })]).kind, 'placed')
})
