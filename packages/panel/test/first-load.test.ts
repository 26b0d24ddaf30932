import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { logIn, openBrowser } from './browser.ts'
import { createWorld, type World } from './world.ts'

/** What a person waits for who comes for the first time. More is a decision, taken here. */
const BUDGET_BYTES = 250_000

let world: World
let browser: Browser
before(async () => {
  world = await createWorld()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await world?.close()
})

it('the log-in page and the home page together travel in fewer than 250 kB', async (t) => {
  const page = await browser.newPage()
  page.setDefaultTimeout(60_000)
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Network.enable')
  const paths = new Map<string, string>()
  const travelled = new Map<string, number>()
  devtools.on('Network.responseReceived', ({ requestId, response }) =>
    paths.set(requestId, new URL(response.url).pathname),
  )
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    travelled.set(requestId, encodedDataLength)
  })
  await logIn(page, world.url)
  await page.getByRole('heading', { name: 'Home' }).waitFor()
  await page.waitForLoadState('load')
  const files = [...travelled].map(([id, bytes]) => ({ path: paths.get(id) ?? '', bytes }))
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  t.diagnostic(`${Math.round(total / 1000)} kB in ${files.length} files`)
  const largest = files.sort((a, b) => b.bytes - a.bytes)
  assert.ok(files.some(({ path }) => path.endsWith('.js')))
  assert.ok(total < BUDGET_BYTES, `${total} bytes, of them ${largest.map(({ path, bytes }) => `${path} ${bytes}`)}`)
})
