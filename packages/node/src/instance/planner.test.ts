import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { InstancePlan } from '@slapos/release'
import type { DesiredOccupant } from '@slapos/slap'
import fc from 'fast-check'
import { advance } from './advance.ts'
import { evaluationKey, type PartitionWish, planPartition } from './planner.ts'
import { NOTHING_LIVE, type PartitionState } from './state.ts'
import type { Step, StepResult } from './step.ts'

const RUNS = { numRuns: Number(process.env.SLAPOS_RUNS ?? 100) }
const START: PartitionState = { record: undefined, live: NOTHING_LIVE }

const emptyPlan: InstancePlan = {
  format: 1,
  files: [],
  directories: [],
  oneShots: [],
  services: [],
  promises: [],
  forwards: [],
  requests: [],
  publish: {},
  publishSlaves: {},
}

const occupant = (fields: Partial<DesiredOccupant> = {}): DesiredOccupant => ({
  instanceGuid: 'SOFTINST-1',
  title: 'web',
  rootTitle: 'web',
  state: 'started',
  releaseUrl: '/releases/web',
  softwareType: 'default',
  parameters: {},
  connection: {},
  filter: {},
  accessStatus: null,
  ipList: [],
  fullIpList: [],
  timestamp: '1',
  ownRevision: '1',
  slavesRevision: '0',
  ...fields,
})

const wish = (who: DesiredOccupant | null, fields: Partial<PartitionWish> = {}): PartitionWish => ({
  occupant: who,
  release: { ready: true, id: 'build-1' },
  place: {
    partition: 'slappart0',
    directory: '/srv/slappart0',
    runAs: { kind: 'self' },
    controllerSocket: '/run/c',
    limits: {},
  },
  now: 1000,
  poll: 1,
  maximumAge: undefined,
  ...fields,
})

/** Plans and applies until nothing is left; `answer` plays instance.ts and the Master. */
function settle(
  start: PartitionState,
  wanted: PartitionWish,
  plan: InstancePlan,
  connection: Readonly<Record<string, string>> | null = null,
): { state: PartitionState; steps: Step[] } {
  let state = start
  const steps: Step[] = []
  for (let round = 0; round < 20; round++) {
    const next = planPartition(state, wanted).steps
    if (next.length === 0) return { state, steps }
    for (const step of next) {
      steps.push(step)
      state = advance(state, step, resultOf(step, state, wanted, plan, connection), 'slappart0')
    }
  }
  throw new Error(`no end: ${steps.slice(-6).map(({ kind }) => kind)}`)
}

function resultOf(
  step: Step,
  state: PartitionState,
  wanted: PartitionWish,
  plan: InstancePlan,
  connection: Readonly<Record<string, string>> | null,
): StepResult {
  switch (step.kind) {
    case 'adopt':
      return { kind: 'seed', seed: '00' }
    case 'evaluate': {
      if (!state.record || !wanted.occupant || !wanted.release.ready) return undefined
      const key = evaluationKey(state.record, wanted.occupant, wanted.release.id, plan.controller !== undefined)
      return { kind: 'plan', plan, key, releaseId: wanted.release.id, at: wanted.now }
    }
    case 'request':
      return { kind: 'connection', connection }
    case 'report-destroyed':
      return { kind: 'poll', poll: wanted.poll }
    default:
      return undefined
  }
}

const kinds = (steps: readonly Step[]) => steps.map(({ kind }) => kind)
const web: InstancePlan = {
  ...emptyPlan,
  files: [{ path: 'etc/web.json', content: '{}' }],
  directories: [{ path: 'data' }],
  services: [{ name: 'web', command: ['bin/web'], reads: ['etc/web.json'] }],
  promises: [{ kind: 'process', name: 'up', service: 'web' }],
  publish: { url: 'http://127.0.0.1' },
}

const name = fc.constantFrom('a', 'b', 'c', 'd')
const arbitraryPlan: fc.Arbitrary<InstancePlan> = fc.record({
  format: fc.constant(1 as const),
  files: fc.uniqueArray(fc.record({ path: name, content: fc.string() }), { selector: (file) => file.path }),
  directories: fc.uniqueArray(fc.record({ path: name }), { selector: (item) => item.path }),
  oneShots: fc.uniqueArray(fc.record({ name, command: fc.constant(['/bin/true']) }), { selector: (item) => item.name }),
  services: fc.uniqueArray(fc.record({ name, command: fc.constant(['x']) }), { selector: (item) => item.name }),
  promises: fc.uniqueArray(fc.record({ kind: fc.constant('process' as const), name, service: name }), {
    selector: (item) => item.name,
  }),
  forwards: fc.constant([]),
  requests: fc.uniqueArray(
    fc.record({
      title: name,
      softwareType: fc.constant('default'),
      parameters: fc.dictionary(name, fc.oneof(fc.string(), fc.integer())),
      state: fc.constantFrom('started' as const, 'stopped' as const, 'destroyed' as const),
    }),
    { selector: (item) => item.title },
  ),
  publish: fc.dictionary(name, fc.oneof(fc.string(), fc.integer())),
  publishSlaves: fc.dictionary(name, fc.dictionary(name, fc.string())),
})
const arbitraryWish = fc
  .record({
    state: fc.constantFrom('started' as const, 'stopped' as const, 'destroyed' as const),
    guid: fc.constantFrom('SOFTINST-1', 'SOFTINST-2'),
    ownRevision: fc.constantFrom('1', '2', '3'),
    slavesRevision: fc.constantFrom('0', '1'),
    free: fc.boolean(),
    ready: fc.boolean(),
    retention: fc.constantFrom('0', '2'),
    poll: fc.nat(3),
    now: fc.integer({ min: 0, max: 400_000_000 }),
  })
  .map(({ guid, free, ready, retention, poll, now, ...fields }) =>
    wish(free ? null : occupant({ ...fields, instanceGuid: guid, filter: { retention_delay: retention } }), {
      release: ready ? { ready, id: 'build-1' } : { ready, reason: 'building' },
      poll,
      now,
    }),
  )

describe('planner', () => {
  it('plan(apply(plan)) is empty, from any state to any wish', () => {
    const moves = fc.array(fc.tuple(arbitraryWish, arbitraryPlan, fc.option(fc.dictionary(name, fc.string()))), {
      minLength: 1,
      maxLength: 6,
    })
    fc.assert(
      fc.property(moves, (list) => {
        let state = START
        for (const [wanted, plan, connection] of list) {
          state = settle(state, wanted, plan, connection).state
          assert.deepEqual(planPartition(state, wanted).steps, [])
        }
      }),
      RUNS,
    )
  })

  it('leaves nothing behind a destroyed instance that the Master freed', () => {
    fc.assert(
      fc.property(arbitraryPlan, arbitraryWish, (plan, wanted) => {
        const { state } = settle(START, wanted, plan)
        const end = settle(state, wish(null), plan)
        assert.equal(end.state.record, undefined)
        const { live } = end.state
        const idle = settle(START, wish(occupant({ state: 'stopped' })), emptyPlan).state.live
        if (state.record) assert.deepEqual([live.supervised, live.promises], [idle.supervised, idle.promises])
      }),
      RUNS,
    )
  })

  it('deploys in order: adopt, evaluate, files, services, promises, publish, report', () => {
    const { steps } = settle(START, wish(occupant()), web)
    assert.deepEqual(kinds(steps), [
      'adopt',
      'evaluate',
      'files',
      'supervise',
      'promises',
      'forward',
      'publish',
      'report',
    ])
  })

  it('does only what a change asks for', () => {
    const { state } = settle(START, wish(occupant()), web)
    const other = { ...web, publish: { url: 'http://127.0.0.2' } }
    const { steps } = settle(state, wish(occupant({ ownRevision: '2' })), other)
    assert.deepEqual(kinds(steps), ['evaluate', 'publish', 'report'])
  })

  it('restarts a service when a file that it reads changes', () => {
    const { state } = settle(START, wish(occupant()), web)
    const other = { ...web, files: [{ path: 'etc/web.json', content: '{"a":1}' }] }
    assert.deepEqual(kinds(settle(state, wish(occupant({ ownRevision: '2' })), other).steps), [
      'evaluate',
      'files',
      'supervise',
      'report',
    ])
  })

  it('stops before it evaluates, and keeps the data', () => {
    const { state } = settle(START, wish(occupant()), web)
    const { steps } = settle(state, wish(occupant({ state: 'stopped', ownRevision: '2' })), web)
    assert.deepEqual(kinds(steps), ['promises', 'supervise', 'evaluate', 'report'])
  })

  it('destroys at once, and reports again at each poll until the partition is free', () => {
    const { state } = settle(START, wish(occupant()), web)
    const first = settle(state, wish(occupant({ state: 'destroyed' })), web)
    assert.deepEqual(kinds(first.steps), ['promises', 'supervise', 'wipe', 'report-destroyed'])
    const later = settle(first.state, wish(occupant({ state: 'destroyed' }), { poll: 2 }), web)
    assert.deepEqual(kinds(later.steps), ['report-destroyed'])
    assert.deepEqual(kinds(settle(later.state, wish(null), web).steps), ['forget'])
  })

  it('honours the retention delay of the first processing', () => {
    const kept = occupant({ filter: { retention_delay: '2' } })
    const { state } = settle(START, wish(kept), web)
    const gone = { ...kept, state: 'destroyed' as const, filter: {} }
    const first = settle(state, wish(gone), web)
    assert.deepEqual(kinds(first.steps), ['promises', 'supervise', 'retain', 'report'])
    assert.match(planPartition(first.state, wish(gone)).message, /retention lock/)
    const after = settle(first.state, wish(gone, { now: 1000 + 2 * 86_400_000 }), web)
    assert.deepEqual(kinds(after.steps), ['wipe', 'report-destroyed'])
  })

  it('waits for its release, and keeps what runs running', () => {
    const { state } = settle(START, wish(occupant()), web)
    const waiting = wish(occupant({ releaseUrl: '/releases/new', ownRevision: '2' }), {
      release: { ready: false, reason: 'being built' },
    })
    assert.deepEqual(planPartition(state, waiting), { steps: [], phase: 'waiting-release', message: 'being built' })
    const restarted = planPartition({ record: state.record, live: NOTHING_LIVE }, waiting)
    assert.deepEqual(kinds(restarted.steps), ['supervise', 'promises', 'forward'])
  })

  it('restores everything after a restart without running instance.ts', () => {
    const { state } = settle(START, wish(occupant()), web)
    const { steps } = settle({ record: state.record, live: NOTHING_LIVE }, wish(occupant()), web)
    assert.deepEqual(kinds(steps), ['supervise', 'promises', 'forward'])
  })

  it('asks children once, and again at each poll where the Master does not announce what they publish', () => {
    const parent = { ...web, requests: [{ title: 'db', softwareType: 'default', parameters: {} }] }
    const requests = (timestamp: string) => {
      const first = settle(START, wish(occupant({ timestamp })), parent)
      const later = settle(first.state, wish(occupant({ timestamp }), { poll: 2 }), parent, { url: 'x' })
      return [first, later].map(({ steps }) => kinds(steps).filter((kind) => ['request', 'evaluate'].includes(kind)))
    }
    assert.deepEqual(requests('1795342751717264'), [['evaluate', 'request'], []])
    assert.deepEqual(requests('1795342751.7'), [
      ['evaluate', 'request'],
      ['request', 'evaluate'],
    ])
  })

  it('evaluates again when a child publishes, and only then', () => {
    const tree = { ...web, requests: [{ title: 'db', softwareType: 'db', parameters: {} }] }
    const first = settle(START, wish(occupant()), tree, null)
    assert.equal(kinds(first.steps).filter((kind) => kind === 'evaluate').length, 1)
    const bumped = settle(first.state, wish(occupant({ ownRevision: '2' })), tree, { url: 'db://' })
    assert.deepEqual(kinds(bumped.steps), ['evaluate', 'request', 'evaluate', 'report'])
    const dropped = settle(bumped.state, wish(occupant({ ownRevision: '3' })), web)
    const last = dropped.steps.find((step) => step.kind === 'request')
    assert.equal(last?.request.state, 'destroyed')
  })

  it('runs nothing for a slave change when a controller takes the slaves', () => {
    const controlled = { ...web, controller: { service: 'web' } }
    const { state } = settle(START, wish(occupant()), controlled)
    assert.deepEqual(planPartition(state, wish(occupant({ slavesRevision: '9' }))).steps, [])
    const plainState = settle(START, wish(occupant()), web).state
    assert.deepEqual(kinds(planPartition(plainState, wish(occupant({ slavesRevision: '9' }))).steps), ['evaluate'])
  })

  it('never mixes two instances in one partition', () => {
    const { state } = settle(START, wish(occupant()), web)
    const { steps } = settle(state, wish(occupant({ instanceGuid: 'SOFTINST-2' })), web)
    assert.deepEqual(kinds(steps).slice(0, 5), ['promises', 'supervise', 'wipe', 'forget', 'adopt'])
  })
})
