/** What changes in the Master is on the node by an event, long before the node would ask by itself (each minute). */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { helloworld, makeCloud, type TestCloud } from './cloud.ts'
import { eventually, page } from './eventually.ts'

let cloud: TestCloud
let url = ''
before(async () => {
  cloud = await makeCloud()
  url = await (await cloud.up()).until(/Service hello +(http\S+)/)
})
after(() => cloud?.end())

test('five changes in a row are each there long before a poll', async () => {
  // The poll comes once a minute: of five changes that needed it, four would take a minute each.
  for (let round = 1; round <= 5; round++) {
    await cloud.ok('request', 'hello', helloworld, '--parameters', `message=Round ${round}`)
    await eventually('the effect', async () => (await page(url)) === `Round ${round}\n`, { seconds: 45 })
  }
})

test('after the Master came back, events flow again', async () => {
  const pid = await cloud.pid('master')
  process.kill(pid, 'SIGKILL')
  await eventually('another Master', async () => (await cloud.pid('master')) !== pid)
  await eventually('an answer', () =>
    cloud.ok('request', 'hello', helloworld, '--parameters', 'message=After').then(() => true),
  )
  await eventually('the effect', async () => (await page(url)) === 'After\n', { seconds: 55 })
  assert.equal(await page(url), 'After\n')
})
