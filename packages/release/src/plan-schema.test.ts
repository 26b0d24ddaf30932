import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSlapError } from '@slapos/base'
import fc from 'fast-check'
import { validatePlan } from './plan-schema.ts'

const addresses = { ipv4: '127.0.0.2', ipv6: null }
const empty = {
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

/** Which field a change of the empty plan is refused for. */
function refusal(change: object): string {
  try {
    validatePlan({ ...empty, ...change }, addresses)
    return 'accepted'
  } catch (error) {
    assert.ok(isSlapError(error), String(error))
    return String(error.params['field'])
  }
}

test('refusals name the field', () => {
  const command = ['/bin/true']
  const file = { path: 'a', content: '' }
  const cases: readonly [string, object][] = [
    ['accepted', {}],
    ['format', { format: 2 }],
    ['surprise', { surprise: 1 }],
    ['files', { files: new Array(2001).fill(file) }],
    ['files[0].mode', { files: [{ ...file, mode: 0o2755 }] }],
    ['files[1].path', { files: [file, file] }],
    ['files[0].path', { files: [file, { path: 'a/b', content: '' }] }],
    ['services[0].name', { services: [{ name: 'a/b', command }] }],
    ['services[0].name', { services: [{ name: '..', command }] }],
    ['services[0].command', { services: [{ name: 'a', command: [] }] }],
    ['services[0].command[0]', { services: [{ name: 'a', command: ['../x'] }] }],
    ['services[0].reads[0]', { services: [{ name: 'a', command, reads: ['nothing'] }] }],
    ['services[0].in', { services: [{ name: 'a', command, in: '/' }] }],
    [
      'services[1].name',
      {
        services: [
          { name: 'a', command },
          { name: 'a', command },
        ],
      },
    ],
    [
      'the key "SLAPOS_X" of services[0].environment',
      { services: [{ name: 'a', command, environment: { SLAPOS_X: '' } }] },
    ],
    ['promises[0].service', { promises: [{ name: 'p', kind: 'process', service: 'a' }] }],
    ['promises[0].kind', { promises: [{ name: 'p', kind: 'dns' }] }],
    ['promises[0].url', { promises: [{ name: 'p', kind: 'http', url: 'file:///etc/passwd' }] }],
    [
      'forwards[0].targetAddress',
      { forwards: [{ protocol: 'tcp', listenPort: 1, targetAddress: '10.0.0.1', targetPort: 1 }] },
    ],
    ['accepted', { forwards: [{ protocol: 'tcp', listenPort: 1, targetAddress: '127.9.9.9', targetPort: 1 }] }],
    [
      'forwards[0].listenPort',
      { forwards: [{ protocol: 'tcp', listenPort: 0, targetAddress: '127.0.0.2', targetPort: 1 }] },
    ],
    ['requests[0].title', { requests: [{ title: 'a\u0000', softwareType: 'default', parameters: {} }] }],
    ['controller.service', { controller: { service: 'a' } }],
  ]
  for (const [field, change] of cases) assert.equal(refusal(change), field, JSON.stringify(change).slice(0, 200))
})

test('whatever the plan is, it is accepted as it is or refused with an error of the catalogue', () => {
  const runs = Number(process.env['SLAPOS_RUNS'] ?? 200)
  const keys = fc.constantFrom(...Object.keys(empty), '__proto__', 'controller')
  fc.assert(
    fc.property(fc.dictionary(keys, fc.jsonValue()), (change) => {
      const value: unknown = JSON.parse(JSON.stringify({ ...empty, ...change }))
      try {
        assert.deepEqual(validatePlan(value, addresses), value)
      } catch (error) {
        assert.ok(isSlapError(error), String(error))
      }
    }),
    { numRuns: runs },
  )
})
