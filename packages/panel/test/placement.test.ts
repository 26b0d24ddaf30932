import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { logIn, openBrowser } from './browser.ts'
import { addNode, createWorld, type World } from './world.ts'

describe('where a service runs, among many servers', () => {
  let world: World
  let browser: Browser
  let page: Page

  before(async () => {
    world = await createWorld()
    for (let index = 0; index < 60; index += 1) await addNode(world, `rack-${String(index).padStart(2, '0')}`, 1)
    browser = await openBrowser()
    page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
    page.setDefaultTimeout(60_000)
    await logIn(page, world.url)
  })
  after(async () => {
    await browser?.close()
    await world?.close()
  })

  it('finds one beyond the first page by its name, and keeps the choice when another is looked for', async () => {
    await page.goto(`${world.url}/services/add`)
    await page.getByText('Hello World', { exact: true }).first().click()
    const place = page.getByLabel('Server', { exact: true })
    const find = page.getByLabel('Find a server')
    await find.fill('rack-57')
    const option = place.locator('option', { hasText: 'rack-57' })
    await option.waitFor({ state: 'attached' })
    const computer = (await option.getAttribute('value')) ?? ''
    await place.selectOption(computer)
    await find.fill('rack-03')
    await place.locator('option', { hasText: 'rack-03' }).waitFor({ state: 'attached' })
    assert.equal(await place.inputValue(), computer)
  })
})
