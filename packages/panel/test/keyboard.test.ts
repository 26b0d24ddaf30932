import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { logIn, openBrowser } from './browser.ts'
import { SEED_AGE, type Seeded, seed } from './seed.ts'
import { createWorld, type World } from './world.ts'

describe('by keyboard alone', () => {
  let world: World
  let browser: Browser
  let page: Page
  let seeded: Seeded

  before(async () => {
    world = await createWorld(SEED_AGE)
    seeded = await seed(world)
    browser = await openBrowser()
    page = await browser.newPage({ locale: 'en-GB', reducedMotion: 'reduce' })
    await logIn(page, world.url)
  })
  after(async () => {
    await browser?.close()
    await world?.close()
  })

  /** Name and looks of what has the focus. */
  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement
      if (!(element instanceof HTMLElement) || element === document.body) return undefined
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
      // A field shows it with its border, a switch beside itself.
      const field = element.matches('input,select,textarea,[role=tabpanel]')
      const seen = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none' || field
      const text = element.getAttribute('aria-label') || element.innerText || element.closest('label')?.innerText || ''
      return { text: text.trim(), seen }
    })

  /** Goes on with Tab until that has the focus; each stop on the way must be seen. */
  async function tabTo(text: string | RegExp): Promise<void> {
    const passed: string[] = []
    for (let presses = 0; presses < 80; presses += 1) {
      await page.keyboard.press('Tab')
      const now = await focused()
      if (!now) continue
      assert.ok(now.seen, `the focus on "${now.text}" is not seen`)
      if (typeof text === 'string' ? now.text === text : text.test(now.text)) return
      passed.push(now.text)
    }
    assert.fail(`${text} is not reached: ${passed.join(' | ')}`)
  }

  it('the first stop of a page skips the menu', async () => {
    await page.goto(`${world.url}/servers`)
    await page.getByRole('link', { name: 'paris' }).waitFor()
    await page.keyboard.press('Tab')
    assert.equal((await focused())?.text, 'Skip to the content')
    await page.keyboard.press('Enter')
    await tabTo('Add a server')
  })

  it('two keys go to a page, / searches in its list, and Escape leaves the field', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('i')
    await page.getByRole('heading', { name: 'Services' }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('shop')
    await page.getByRole('link', { name: 'Greeter' }).waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    assert.equal(await focused(), undefined)
  })

  it('a service is requested', async () => {
    await page.goto(`${world.url}/services`)
    await page.getByRole('link', { name: 'Greeter' }).waitFor()
    await tabTo('Add')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Add a service' }).waitFor()
    await page.getByText('Hello World', { exact: true }).waitFor()
    await tabTo(/^Hello World/)
    await page.keyboard.press('Space')
    await page.locator('.schema-form').waitFor()
    const title = page.getByRole('textbox', { name: 'Title' })
    for (
      let presses = 0;
      presses < 30 && !(await title.evaluate((field) => field === document.activeElement));
      presses++
    )
      await page.keyboard.press('Tab')
    await page.keyboard.type('By keyboard')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'By keyboard' }).waitFor()
  })

  it('a dialog takes the focus, keeps it, and gives it back when Escape closes it', async () => {
    await page.goto(`${world.url}/services/${seeded.broken}`)
    await page.getByRole('heading', { name: 'Shop' }).waitFor()
    await tabTo('Destroy')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    for (let presses = 0; presses < 8; presses += 1) {
      await page.keyboard.press('Tab')
      assert.ok(
        await dialog.evaluate((element) => element.contains(document.activeElement)),
        'the focus left the dialog',
      )
    }
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    assert.equal((await focused())?.text, 'Destroy')
  })

  it('the palette finds and opens, without a mouse', async () => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Search' }).waitFor()
    await page.keyboard.type('tok')
    await page.getByRole('option', { name: 'tokyo' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'tokyo' }).waitFor()
  })

  it('nothing turns where people asked for less motion', async () => {
    await page.goto(`${world.url}/services`)
    const icon = page.locator('tbody svg[data-tone=blue]').first()
    await icon.waitFor()
    assert.equal(await icon.evaluate((element) => getComputedStyle(element).animationName), 'none')
  })
})

describe('while the Master cannot be reached', () => {
  it('a page that was not opened before stays away, and comes by itself afterwards', async () => {
    const world = await createWorld()
    const browser = await openBrowser()
    try {
      const page = await browser.newPage({ locale: 'en-GB' })
      await logIn(page, world.url)
      await page.route('**/*', (route) => route.abort())
      await page.getByRole('link', { name: 'Software', exact: true }).click()
      await page.locator('.loading').waitFor()
      assert.equal(new URL(page.url()).pathname, '/software')
      await page.unroute('**/*')
      await page.getByRole('heading', { name: 'Hello World' }).waitFor()
    } finally {
      await browser.close()
      await world.close()
    }
  })
})
