import assert from 'node:assert/strict'
import { it } from 'node:test'
import { accessStatus, accessText, NO_DATA_5_MS, NO_DATA_15_MS, reported } from './access-status.ts'

const subject = { reference: 'COMP-1', portalType: 'Compute Node' }
const at = Date.UTC(2026, 10, 22, 10, 18, 43)

it('tells dates as RFC 1123 and ages by the limits of existing Masters', () => {
  const record = reported(undefined, { user: 'COMP-1', at, text: accessText.contact('COMP-1') })
  const flags = (ms: number) => {
    const status = accessStatus(subject, record, at + ms)
    return [status.no_data_since_15_minutes, status.no_data_since_5_minutes]
  }
  assert.equal(accessStatus(subject, record, at).created_at, 'Sun, 22 Nov 2026 10:18:43 GMT')
  assert.deepEqual(
    [flags(NO_DATA_5_MS), flags(NO_DATA_5_MS + 1)],
    [
      [0, 0],
      [0, 1],
    ],
  )
  assert.deepEqual(
    [flags(NO_DATA_15_MS), flags(NO_DATA_15_MS + 1)],
    [
      [0, 1],
      [1, 1],
    ],
  )
})

it('keeps since while the prefix stays, and the state while none is told', () => {
  const started = reported(undefined, { user: 'COMP-1', at, text: accessText.started, state: 'started' })
  const stopped = reported(started, { user: 'COMP-1', at: at + 10, text: accessText.stopped, state: 'stopped' })
  const failed = reported(stopped, { user: 'COMP-1', at: at + 20, text: accessText.instanceFailed('x'.repeat(200)) })
  assert.deepEqual([stopped.since, stopped.at], [at, at + 10])
  assert.deepEqual([failed.since, failed.state], [at + 20, 'stopped'])
  assert.equal(failed.text, `#error while instanciating: ${'x'.repeat(80)}`)
})

it('says that nothing is known', () => {
  const status = accessStatus(subject, undefined, at)
  assert.equal(status.text, '#error no data found for COMP-1')
  assert.deepEqual([status.user, status.no_data, status.state], ['SlapOS Master', 1, ''])
})
