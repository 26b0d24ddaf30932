import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Mutex } from './mutex.ts'

test('callbacks run one at a time and in order, a failure blocks nobody', async () => {
  const mutex = new Mutex()
  const seen: string[] = []
  const slow = mutex.run(async () => {
    await new Promise(setImmediate)
    seen.push('slow')
  })
  const failing = mutex.run(() => {
    seen.push('failing')
    throw new Error('no')
  })
  const last = mutex.run(() => seen.push('last'))
  await assert.rejects(failing, /no/)
  await Promise.all([slow, last])
  assert.deepEqual(seen, ['slow', 'failing', 'last'])
})
