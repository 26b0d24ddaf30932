import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { touches } from './touches.ts'

const instance = { kind: 'instance', reference: 'SOFTINST-3', services: ['SOFTINST-2'] }
const telemetry = { kind: 'telemetry', reference: 'COMP-1/slappart0', services: ['SOFTINST-2'] }

test('a change makes stale what shows it, and not its neighbours', () => {
  assert.equal(touches(instance, ['service', 'SOFTINST-2']), true)
  assert.equal(touches(instance, ['service', 'SOFTINST-4']), false)
  assert.equal(touches(instance, ['processes', { service: 'SOFTINST-4' }]), false)
  assert.equal(touches(telemetry, ['processes', { service: 'SOFTINST-2' }]), true)
  assert.equal(touches(telemetry, ['processes', { server: 'COMP-1' }]), true)
  assert.equal(touches(telemetry, ['processes', { server: 'COMP-11' }]), false)
  assert.equal(touches(telemetry, ['promises', {}]), true)
  assert.equal(touches(telemetry, ['server', 'COMP-2']), false)
  assert.equal(touches(telemetry, ['audit', {}]), false)
  assert.equal(touches(telemetry, ['sessions']), false)
  const line = { kind: 'log', reference: 'COMP-1/service/slappart0/web' }
  assert.equal(touches(line, ['log', 'COMP-1', 'service/slappart0/web']), true)
  assert.equal(touches(line, ['log', 'COMP-1', 'agent']), false)
  assert.equal(touches(line, ['service', 'SOFTINST-2']), false)
})

test('what is not known to be apart may be meant', () => {
  assert.equal(touches({ kind: 'reset', reference: '' }, ['sessions']), true)
  assert.equal(touches({ kind: 'of a later version', reference: '' }, ['sessions']), true)
  assert.equal(touches({ kind: 'instance', reference: 'SOFTINST-3' }, ['service', 'SOFTINST-4']), true)
  assert.equal(touches({ kind: 'computer', reference: 'COMP-1' }, ['service', 'SOFTINST-4']), true)
})

test('everything that screens read is kept true by some kind of change', async () => {
  const source = await readFile(new URL('../api/queries.ts', import.meta.url), 'utf8')
  const keys = new Set([...source.matchAll(/queryKey: \['([\w-]+)'/g)].map(([, key]) => key ?? ''))
  assert.ok(keys.size > 20)
  const kinds = ['computer', 'partition', 'installation', 'instance', 'slaves', 'service', 'token', 'certificate']
  const all = [...kinds, 'person', 'project', 'catalogue', 'telemetry', 'command', 'log', 'usage']
  const dead = [...keys].filter(
    (key) =>
      !all.some((kind) => touches({ kind, reference: kind === 'log' ? 'COMP-1/' : 'COMP-1' }, [key, 'COMP-1', '', 60])),
  )
  // Searched anew when the words change.
  assert.deepEqual(dead, ['search'])
})
