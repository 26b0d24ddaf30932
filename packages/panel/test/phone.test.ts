import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { logIn, openBrowser } from './browser.ts'
import { pagesOf, type ShownPage } from './pages.ts'
import { SEED_AGE, seed } from './seed.ts'
import { createWorld, type World } from './world.ts'

describe('on a phone', () => {
  let world: World
  let browser: Browser
  let page: Page
  let pages: readonly ShownPage[]

  before(async () => {
    world = await createWorld(SEED_AGE)
    pages = pagesOf(await seed(world))
    browser = await openBrowser()
    page = await browser.newPage({ locale: 'en-GB', viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' })
    await logIn(page, world.url)
  })
  after(async () => {
    await browser?.close()
    await world?.close()
  })

  it('every page is as wide as the screen, and the open tab is in sight', async () => {
    const wrong: string[] = []
    for (const { name, path, prepare } of pages) {
      await page.goto(`${world.url}${path}`)
      await prepare?.(page)
      const wide = await page.evaluate('document.documentElement.scrollWidth')
      if (wide !== 390) wrong.push(`${name} is ${wide} wide`)
      const open = page.getByRole('tab', { selected: true })
      if ((await open.count()) === 0) continue
      const box = await open.boundingBox()
      if (!box || box.x < 0 || box.x + box.width > 390) wrong.push(`${name}: its tab is out of sight`)
    }
    assert.deepEqual(wrong, [])
  })
})
