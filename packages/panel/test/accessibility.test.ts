import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { logIn, openBrowser } from './browser.ts'
import { pagesOf, type ShownPage } from './pages.ts'
import { SEED_AGE, seed } from './seed.ts'
import { createWorld, type World } from './world.ts'

interface AxeResult {
  readonly violations: readonly {
    readonly id: string
    readonly impact: string
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
  }[]
}

describe('accessibility', () => {
  let world: World
  let browser: Browser
  let pages: readonly ShownPage[]
  let axe: string

  before(async () => {
    world = await createWorld(SEED_AGE)
    pages = pagesOf(await seed(world))
    browser = await openBrowser()
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  })
  after(async () => {
    await browser?.close()
    await world?.close()
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`axe finds nothing serious on any page, and its policy nothing to refuse, ${colorScheme}`, async () => {
      const context = await browser.newContext({ locale: 'en-GB', colorScheme, reducedMotion: 'reduce' })
      const page = await context.newPage()
      const found: string[] = []
      page.on('console', (message) => {
        if (/Content Security Policy|Trusted Type/i.test(message.text())) found.push(message.text())
      })
      page.on('pageerror', (error) => found.push(String(error)))
      await logIn(page, world.url)
      for (const { name, path, prepare } of pages) {
        await page.goto(`${world.url}${path}`)
        await prepare?.(page)
        await page.locator('[role=status][aria-label=Loading]').first().waitFor({ state: 'detached' })
        found.push(...(await check(page)).map((text) => `${name}: ${text}`))
      }
      await context.close()
      assert.deepEqual(found, [])
    })
  }

  async function check(page: Page): Promise<string[]> {
    const { violations } = (await page.evaluate(`${axe}; axe.run(document)`)) as AxeResult
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)} (${nodes[0]?.failureSummary.slice(0, 200)})`)
  }
})
