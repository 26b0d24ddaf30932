import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InstancePlan } from '@slapos/release'
import { planSlaves } from './plan-slaves.ts'
import { newRecord } from './state.ts'

const EMPTY: InstancePlan = {
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
const record = newRecord('slappart0', 'SOFTINST-1', '00', 0)

/** What is told after this was told. */
function told(publishedSlaves: Readonly<Record<string, string>>, plan: Partial<InstancePlan>) {
  const [step] = planSlaves({ ...record, publishedSlaves }, { ...EMPTY, ...plan })
  return step?.kind === 'publish-slaves' ? step : undefined
}

test('a refusal is told once, changed when its reason is, and taken back when the slave is well', () => {
  const well = { 'SOFTINST-2': { url: 'a' } }
  const first = told({}, { publishSlaves: well, slaveErrors: { 'SOFTINST-3': 'no path' } })
  assert.deepEqual(first?.connections, { 'SOFTINST-2': { url: 'a' } })
  assert.deepEqual(first?.errors, { 'SOFTINST-3': 'no path' })
  const hashes = first?.hashes ?? {}
  assert.equal(told(hashes, { publishSlaves: well, slaveErrors: { 'SOFTINST-3': 'no path' } }), undefined)

  const other = told(hashes, { publishSlaves: well, slaveErrors: { 'SOFTINST-3': 'no host' } })
  assert.deepEqual([other?.connections, other?.errors], [{}, { 'SOFTINST-3': 'no host' }])

  const healed = told(hashes, { publishSlaves: { ...well, 'SOFTINST-3': { url: 'b' } } })
  assert.deepEqual([healed?.connections, healed?.errors], [{ 'SOFTINST-3': { url: 'b' } }, { 'SOFTINST-3': '' }])
})

test('a slave that is refused is not given a connection, and gets the one it had when it is well again', () => {
  const publishSlaves = { 'SOFTINST-2': { url: 'a' } }
  const refused = told({}, { publishSlaves, slaveErrors: { 'SOFTINST-2': 'paused' } })
  assert.deepEqual([refused?.connections, refused?.errors], [{}, { 'SOFTINST-2': 'paused' }])
  const again = told(refused?.hashes ?? {}, { publishSlaves })
  assert.deepEqual(again?.connections, { 'SOFTINST-2': { url: 'a' } })
})
