import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { logIn, openBrowser } from './browser.ts'
import { createWorld, type World } from './world.ts'

/** Tokens for clients, by mouse: one that was made and not used is seen, and can be taken back. */
describe('tokens for clients by mouse', () => {
  let world: World
  let browser: Browser
  let page: Page

  before(async () => {
    world = await createWorld()
    browser = await openBrowser()
    page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
    page.setDefaultTimeout(30_000)
    await logIn(page, world.url)
  })
  after(async () => {
    await browser?.close()
    await world?.close()
  })

  it('one that was made waits in the list until it is revoked, and is good for nothing then', async () => {
    await page.goto(`${world.url}/settings?tab=clients`)
    await page.getByRole('button', { name: 'Connect a client' }).click()
    const line = await page.locator('.command pre').innerText()
    const token = /SLAPOS_TOKEN=(\S+)/.exec(line)?.[1] ?? ''
    assert.match(token, /^\d{8}-[0-9a-f]{32}\.[0-9a-f]{32}$/)
    await page.getByRole('button', { name: 'Close' }).click()
    const row = page.getByRole('row').filter({ hasText: token.slice(0, 13) })
    await row.filter({ hasText: 'unused' }).waitFor()
    await row.getByRole('button', { name: 'Revoke' }).click()
    await row.waitFor({ state: 'detached' })
    const headers = { 'x-access-token': token }
    const used = await fetch(`${world.url}/Person_getCertificate`, { method: 'POST', headers })
    assert.equal(used.status, 403)
  })
})
