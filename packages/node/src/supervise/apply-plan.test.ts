import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { planApply } from './apply-plan.ts'
import { validateDefinition } from './definition.ts'
import { select } from './selector.ts'
import type { ServiceDefinition } from './supervisor.ts'
import { service } from './testing.ts'

const definitions = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    hash: fc.constantFrom('1', '2'),
    up: fc.boolean(),
    watch: fc.boolean(),
    reload: fc.constantFrom('1', '2'),
  }),
  { selector: ({ name }) => name },
)
const make = ({
  name,
  hash,
  up,
  watch,
  reload,
}: {
  name: string
  hash: string
  up: boolean
  watch: boolean
  reload: string
}) => service(name, 'x', { hash, up, watch, reload: { signal: 'SIGHUP', hash: reload } })

test('after the plan nothing is left to do, and each service is in exactly one list', () => {
  fc.assert(
    fc.property(definitions, definitions, (before, after) => {
      const [present, wanted] = [before.map(make), after.map(make)]
      const { remove, define, touch } = planApply(present, wanted)
      const reached = [...define, ...touch].map(({ definition }) => definition)
      assert.deepEqual(reached.map(({ name }) => name).sort(), wanted.map(({ name }) => name).sort())
      assert.ok(remove.every(({ name }) => wanted.every((other) => other.name !== name)))
      const again = planApply(reached, wanted)
      assert.deepEqual([again.remove, again.define], [[], []])
      assert.ok(again.touch.every(({ change }) => change === 'nothing'))
    }),
    { numRuns: Number(process.env['SLAPOS_RUNS'] ?? 100) },
  )
})

test('the order of the keys of a definition means nothing', () => {
  const one = service('a', 'x', { environment: { A: '1', B: '2' } })
  const other: ServiceDefinition = { ...service('a', 'x'), environment: { B: '2', A: '1' } }
  assert.deepEqual(planApply([one], [other]).define, [])
})

test('names as people type them', () => {
  const [crond, gamma] = [service('crond', 'x'), service('gamma', 'x', { watch: false })]
  const watchdog = service('watchdog', 'x', { partition: '', watch: false })
  const all = [crond, gamma, watchdog]
  for (const name of ['slappart0:crond', 'slappart0:crond-on-watch']) assert.deepEqual(select(all, name).found, [crond])
  for (const group of ['slappart0:', 'slappart0:*']) assert.deepEqual(select(all, group).found, [crond, gamma])
  assert.deepEqual(select(all, 'all').found, all)
  assert.deepEqual(select(all, 'watchdog').found, [watchdog])
  assert.equal(select(all, 'slappart9:*').missing, 'slappart9:*: ERROR (no such group)')
  assert.equal(select(all, 'slappart0:zzz').missing, 'slappart0:zzz: ERROR (no such process)')
  assert.deepEqual(select([], 'all'), { found: [] })
})

test('a definition that cannot be served is refused with its reason', () => {
  assert.doesNotThrow(() => validateDefinition(service('a.b_c-1', 'x')))
  assert.throws(() => validateDefinition(service('a', 'x', { directory: 'relative' })), {
    message: 'service slappart0:a is refused: its directory relative is not absolute',
  })
})
