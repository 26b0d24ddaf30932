/**
 * Pictures of every page, desktop and phone, light and dark, into screenshots/ of the checkout:
 *   node packages/panel/test/screenshots.ts [part of a name] [en|fr|zh]
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { Language } from '../src/text/text.ts'
import { logIn, openBrowser } from './browser.ts'
import { EMPTY_PAGES, pagesOf, type ShownPage } from './pages.ts'
import { SEED_AGE, seed } from './seed.ts'
import { createWorld, type World } from './world.ts'

const folder = join(import.meta.dirname, '../../../screenshots')
const [wanted = '', asked = 'en'] = process.argv.slice(2)
const LANGUAGES: readonly Language[] = ['en', 'fr', 'zh']
const language = LANGUAGES.find((known) => known === asked)
if (!language) throw new Error(`${asked} is none of ${LANGUAGES.join(', ')}`)
const suffix = language === 'en' ? '' : `-${language}`

await mkdir(folder, { recursive: true })
const browser = await openBrowser()
try {
  await withWorld(await createWorld(SEED_AGE), async (world) => {
    const pages = pagesOf(await seed(world), language)
    await onEachScreen(
      browser,
      () => world,
      (page, screen) => takeAll(page, world, pages, screen),
    )
  })
  await withWorld(await createWorld(0, []), async (world) => {
    await onEachScreen(
      browser,
      () => world,
      (page, screen) => takeAll(page, world, EMPTY_PAGES, screen),
    )
  })
  if ('lost'.includes(wanted)) await onEachScreen(browser, () => createWorld(), lost)
} finally {
  await browser.close()
}

interface Screen {
  readonly name: string
  readonly width: number
  readonly height: number
}

async function withWorld(world: World, work: (world: World) => Promise<void>): Promise<void> {
  try {
    await work(world)
  } finally {
    await world.close()
  }
}

async function onEachScreen(
  browser: Browser,
  worldOf: () => World | Promise<World>,
  work: (page: Page, screen: Screen, world: World) => Promise<void>,
): Promise<void> {
  for (const [device, width, height] of [
    ['desktop', 1280, 860],
    ['phone', 390, 844],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale: 'en-GB' })
      const page = await context.newPage()
      page.on('pageerror', (error) => console.error(`page error: ${error.message}`))
      const world = await worldOf()
      await logIn(page, world.url)
      await page.evaluate(`localStorage.setItem('slapos-language', '${language}')`)
      await work(page, { name: `${device}-${colorScheme}${suffix}`, width, height }, world)
      await context.close()
    }
  }
}

async function takeAll(page: Page, world: World, pages: readonly ShownPage[], screen: Screen): Promise<void> {
  for (const { name, path, prepare } of pages) {
    const file = `${name}-${screen.name}.png`
    if (!file.includes(wanted)) continue
    await page.goto(`${world.url}${path}`)
    await page.locator('#content').waitFor()
    await page.locator('.loading').first().waitFor({ state: 'detached' })
    await prepare?.(page).catch((error: Error) => console.error(`${file}: ${error.message}`))
    await page.waitForLoadState('load')
    await take(page, file, screen)
  }
}

/** The whole page, as if the window were that high: what sticks to its edges stands where readers see it. */
async function take(page: Page, file: string, { width, height }: Screen): Promise<void> {
  const full = Number(await page.evaluate('document.documentElement.scrollHeight'))
  await page.setViewportSize({ width, height: Math.max(height, full) })
  await page.screenshot({ path: join(folder, file), animations: 'disabled' })
  await page.setViewportSize({ width, height })
  console.log(file)
}

/** The Master has gone while somebody looks, and while he goes on to a page that was not read before. */
async function lost(page: Page, screen: Screen, world: World): Promise<void> {
  await page.goto(`${world.url}/servers`)
  await page.locator('.empty').waitFor()
  await world.close()
  await page.locator('[data-lost]').waitFor()
  await take(page, `lost-${screen.name}.png`, screen)
  await page.evaluate('document.querySelector("a[href=\'/software\']").click()')
  await page.locator('.loading').waitFor()
  await take(page, `lost-next-${screen.name}.png`, screen)
}
