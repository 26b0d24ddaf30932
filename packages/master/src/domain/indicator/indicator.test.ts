import assert from 'node:assert/strict'
import { it } from 'node:test'
import { computerIndicator, indicator, installationIndicator } from './indicator.ts'
import { type InstanceFacts, instanceIndicator, serviceIndicator } from './instance-indicator.ts'

const now = 10_000_000
const at = (age: number, text = '#access COMP-1', detail = '') => ({
  text,
  detail,
  at: now - age,
  since: now - age - 5,
})
const colourWord = ({ colour, word }: { colour: string; word: string }) => `${colour} ${word}`
const up = indicator('green', 'Connected', '', 0)
const down = indicator('red', 'Lost', 'no contact for 20 min', 1)

it('a node is green while in touch, then yellow, then red; grey before it was ever seen', () => {
  const of = (status: ReturnType<typeof at> | undefined, scope = 'open') =>
    colourWord(computerIndicator({ status, scope, createdAt: 0, now }))
  assert.deepEqual(
    [of(undefined), of(at(216_000)), of(at(216_001)), of(at(432_001)), of(at(432_001), 'close/maintenance')],
    ['grey Never seen', 'green Connected', 'yellow Late', 'red Lost', 'grey In maintenance'],
  )
  assert.equal(of(at(0, '#error bang')), 'red Error')
})

it('an installation shows its phase and the whole failure', () => {
  const base = { desired: 'available', createdAt: 1, computer: up, phase: 'step 2 of 4: npm' } as const
  const building = installationIndicator({ ...base, status: at(1, '#building software release u') })
  assert.deepEqual([colourWord(building), building.reason], ['blue Building', 'step 2 of 4: npm'])
  const failed = installationIndicator({ ...base, status: at(1, '#error while installing u', 'line 1\nline 2') })
  assert.deepEqual([colourWord(failed), failed.reason], ['red Failed', 'line 1\nline 2'])
  assert.equal(colourWord(installationIndicator({ ...base, status: undefined })), 'blue Requested')
})

it('an instance tells deployment and health apart, and says why', () => {
  const base: InstanceFacts = {
    desired: 'started',
    shared: false,
    createdAt: 1,
    computer: up,
    waiting: [],
    waitingSince: null,
    status: at(1, '#access Instance correctly started'),
    reportedState: 'started',
    published: false,
    installation: undefined,
    failingPromises: [],
    failingProcesses: [],
  }
  const of = (facts: Partial<InstanceFacts>) => {
    const found = instanceIndicator({ ...base, ...facts })
    return [colourWord(found), found.reason].filter(Boolean).join(': ')
  }
  assert.equal(of({}), 'green Started')
  assert.equal(
    of({ computer: undefined, waiting: ['no node can host it'] }),
    'yellow Waiting for a place: no node can host it',
  )
  assert.equal(of({ computer: down }), 'red Unreachable: its node: no contact for 20 min')
  assert.equal(of({ status: undefined, reportedState: '' }), 'blue Starting')
  const building = indicator('blue', 'Building', 'step 1', 1)
  assert.equal(
    of({ status: undefined, reportedState: '', installation: building }),
    'blue Waiting for its release: it is being built: step 1',
  )
  assert.equal(of({ failingPromises: [{ name: 'port', message: 'refused', since: 7 }] }), 'red Failing: port: refused')
  assert.equal(
    of({ failingProcesses: [{ name: 'web', state: 'BACKOFF', since: 7 }] }),
    'red Failing: the process web keeps ending and is started again',
  )
  assert.equal(of({ status: at(1, '#error x', 'why') }), 'red Failing to start: why')
  assert.equal(of({ desired: 'stopped', reportedState: 'stopped' }), 'grey Stopped')
  assert.equal(of({ desired: 'stopped' }), 'blue Stopping')
  assert.equal(of({ shared: true, status: undefined, published: true }), 'green Served')
  assert.equal(
    of({ desired: 'destroyed', computer: down }),
    'grey Destroying: waits for its node: no contact for 20 min',
  )
})

it('a service is red only when everything that should run is', () => {
  const named = (title: string, colour: 'green' | 'red' | 'grey') => ({ ...indicator(colour, colour, 'r', 1), title })
  const of = (...instances: ReturnType<typeof named>[]) => serviceIndicator('started', instances).colour
  assert.deepEqual(
    [
      of(),
      of(named('a', 'green')),
      of(named('a', 'red'), named('b', 'green')),
      of(named('a', 'red'), named('b', 'grey')),
    ],
    ['grey', 'green', 'yellow', 'red'],
  )
})
