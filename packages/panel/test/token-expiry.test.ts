import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { logIn, openBrowser } from './browser.ts'
import { createWorld, type World } from './world.ts'

const HOUR = 3_600_000

describe('a token whose time passes', () => {
  let world: World
  let browser: Browser
  let page: Page

  before(async () => {
    world = await createWorld(2 * HOUR)
    browser = await openBrowser()
    page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
    page.setDefaultTimeout(60_000)
    await logIn(page, world.url)
  })
  after(async () => {
    await browser?.close()
    await world?.close()
  })

  it('says so in the dialog that waits for the machine, by itself', async () => {
    await page.goto(`${world.url}/servers`)
    await page.getByRole('button', { name: 'Add a server' }).first().click()
    await page.getByLabel('The token expires after').selectOption('1')
    await page.getByRole('button', { name: 'Make a token' }).click()
    await page.getByText('Waiting for the machine').waitFor()
    world.goTo(0)
    await page.getByText('This token counts no more').waitFor()
  })
})
