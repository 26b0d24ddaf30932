/**
 * The pictures of the README, light and dark, into docs/images, from a real Master with the data of `seed.ts`:
 *   packages/panel/build && node packages/panel/test/pictures.ts
 */
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { logIn, openBrowser } from './browser.ts'
import { pagesOf } from './pages.ts'
import { SEED_AGE, seed } from './seed.ts'
import { createWorld } from './world.ts'

const PICTURES = ['home', 'monitoring', 'service', 'installation', 'add-service']
/** A README is read over slow lines too. */
const MOST_BYTES = 200_000
const folder = join(import.meta.dirname, '../../../docs/images')

await mkdir(folder, { recursive: true })
await using world = Object.assign(await createWorld(SEED_AGE), {
  [Symbol.asyncDispose]() {
    return this.close()
  },
})
await using browser = await openBrowser()
const pages = pagesOf(await seed(world)).filter(({ name }) => PICTURES.includes(name))
for (const colorScheme of ['light', 'dark'] as const) {
  const viewport = { width: 1280, height: 800 }
  const context = await browser.newContext({ viewport, colorScheme, deviceScaleFactor: 1.25, locale: 'en-GB' })
  const page = await context.newPage()
  await logIn(page, world.url)
  for (const { name, path, prepare } of pages) {
    await page.goto(`${world.url}${path}`)
    await prepare?.(page)
    await page.waitForLoadState('load')
    const file = join(folder, `${name}-${colorScheme}.png`)
    await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' })
    const { size } = await stat(file)
    console.log(`${name}-${colorScheme}.png: ${Math.round(size / 1000)} kB`)
    if (size > MOST_BYTES) throw new Error(`${file} has ${size} bytes; ${MOST_BYTES} are the most`)
  }
  await context.close()
}
