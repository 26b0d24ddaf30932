import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { createSlapClient, type Telemetry } from '@slapos/slap'
import { type CloudDouble, cloudDouble, identifyByHeader, type Listening, listening } from '../slap/testing.ts'
import { nodeSurface } from './index.ts'

const cloud: CloudDouble = cloudDouble()
let server: Listening

before(async () => {
  server = await listening(async (app) => {
    // The client of nodes has certificates, and this server no TLS: all callers are the node, but who says otherwise.
    app.addHook('onRequest', async (request) => {
      request.headers['x-caller'] ??= 'computer COMP-1'
    })
    await app.register(nodeSurface, {
      cloud,
      identify: identifyByHeader,
      certificates: {
        revokeSubject: async (kind, subject) => {
          cloud.calls.push(['certificates.revokeSubject', kind, subject])
          return 1
        },
        sign: async (kind, subject, csr, replaces) => ({
          certificate: [kind, subject, csr, replaces].join(' '),
          ca: 'root',
          record: {
            fingerprint: '',
            serial: '',
            kind,
            subject,
            issued: 0,
            expires: 0,
            contacted: undefined,
            revoked: undefined,
          },
        }),
      },
      version: '1.2.3',
      now: () => 1000,
    })
  })
})
after(() => server.close())

const BATCH: Telemetry = {
  format: 1,
  now: 1,
  agentVersion: '1',
  full: true,
  processes: [{ partition: 'slappart0', name: 'web', state: 'RUNNING', pid: 7, since: 1, restarts: 0 }],
  removedProcesses: [],
  promises: [{ partition: 'slappart0', name: 'up', ok: true, message: '', checked: 1, since: 1, durationMs: 2.5 }],
  removedPromises: [],
  builds: [],
  partitions: [{ partition: 'slappart0', phase: 'deployed', since: 1, message: '' }],
  logs: [{ source: 'agent', offset: 0, lines: ['a'] }],
  usage: [{ partition: '', at: 1, cpu: 0.5, memoryBytes: 1, processes: 3 }],
}

it('serves every call of the extension to our own client', async () => {
  const client = createSlapClient({ url: server.url })
  try {
    const capabilities = await client.capabilities()
    assert.equal(capabilities?.computer, 'COMP-1')
    assert.equal(capabilities.observedAddress, '127.0.0.1')
    assert.deepEqual(capabilities.capabilities, ['desired', 'slaves', 'telemetry', 'certificate', 'leave'])

    const desired = await client.desired()
    assert.deepEqual(desired?.partitions, [{ partitionId: 'slappart1', occupant: null }])
    const asked = cloud.calls.length
    assert.equal(await client.desired(desired?.position), undefined, 'nothing changed')
    assert.equal(cloud.calls.length, asked, 'the domain was not asked')
    cloud.revisionNow++
    assert.ok(await client.desired(desired?.position))

    assert.equal((await client.slaves('slappart0'))?.full, true)
    const publication = {
      format: 1,
      connections: { 'SOFTINST-9': { url: 'x' } },
      errors: { 'SOFTINST-10': '' },
    } as const
    await client.publishSlaves('slappart0', publication)
    assert.deepEqual(cloud.calls.at(-1), ['nodes.publishSlaves', 'slappart0', publication])

    assert.deepEqual((await client.telemetry(BATCH)).followed, ['agent'])
    assert.deepEqual(cloud.calls.at(-1), ['nodes.telemetry', BATCH])

    const renewed = await client.renewCertificate('CSR')
    assert.deepEqual(renewed, { certificate: 'computer COMP-1 CSR all', ca: 'root' })

    // One of its partitions holds an instance: the computer is closed, and stays listed.
    assert.deepEqual(await client.leave(), { instances: 1 })
    assert.deepEqual(cloud.calls.at(-3), ['nodes.setAllocationScope', 'COMP-1', 'close/forever'])
    assert.deepEqual(cloud.calls.at(-1), ['certificates.revokeSubject', 'computer', 'COMP-1'])
  } finally {
    client.close()
  }
})

it('is for nodes only, and refuses what its schemas do not know', async () => {
  const ask = async (path: string, init: RequestInit = {}) =>
    (await fetch(`${server.url}/node/v1/${path}`, init)).status
  const post = (body: unknown, caller = 'computer COMP-1') => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-caller': caller },
    body: JSON.stringify(body),
  })
  assert.equal(await ask('', { headers: { 'x-caller': 'person P-1' } }), 403)
  assert.equal(await ask('', { headers: { 'x-caller': 'nobody' } }), 401)
  assert.equal(await ask('telemetry', post({ ...BATCH, now: '1' })), 400)
  assert.equal(await ask('telemetry', post({ ...BATCH, processes: [{}] })), 400)
  assert.equal(await ask('desired?since=yesterday'), 400)
  assert.equal(await ask('telemetry', post(BATCH, 'revoked')), 403)
  assert.equal(await ask('events'), 404)
})
