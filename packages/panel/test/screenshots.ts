/**
 * Pictures of every page, desktop and phone, light and dark, into screenshots/ of the checkout:
 *   node packages/panel/test/screenshots.ts [part of a name]
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { logIn, openBrowser } from './browser.ts'
import { pagesOf } from './pages.ts'
import { SEED_AGE, seed } from './seed.ts'
import { createWorld } from './world.ts'

const folder = join(import.meta.dirname, '../../../screenshots')
const wanted = process.argv[2] ?? ''
await mkdir(folder, { recursive: true })
const world = await createWorld(SEED_AGE)
const browser = await openBrowser()
try {
  const pages = pagesOf(await seed(world))
  for (const [device, width, height] of [
    ['desktop', 1280, 860],
    ['phone', 390, 844],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale: 'en-GB' })
      const page = await context.newPage()
      page.on('pageerror', (error) => console.error(`page error: ${error.message}`))
      page.on('console', (message) => message.type() === 'error' && console.error(`console: ${message.text()}`))
      await logIn(page, world.url)
      for (const { name, path, prepare } of pages) {
        const file = `${name}-${device}-${colorScheme}.png`
        if (!file.includes(wanted)) continue
        await page.goto(`${world.url}${path}`)
        await page.locator('[role=status][aria-label=Loading]').first().waitFor({ state: 'detached' })
        await prepare?.(page)
        await page.waitForLoadState('load')
        await page.screenshot({ path: join(folder, file), fullPage: true, animations: 'disabled' })
        console.log(file)
      }
      await context.close()
    }
  }
} finally {
  await browser.close()
  await world.close()
}
