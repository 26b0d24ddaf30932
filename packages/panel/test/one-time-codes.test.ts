import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { codeAt } from '@slapos/master/identity/people/totp.ts'
import type { Browser, Page } from 'playwright-core'
import { logIn, openBrowser } from './browser.ts'
import { createWorld, PASSWORD, USER, type World } from './world.ts'

/** The second proof at log-in, by mouse: an authenticator shows a new code every 30 s, and each works once. */
describe('one-time codes by mouse', () => {
  let world: World
  let browser: Browser
  let page: Page
  let secret = ''
  let recovery = ''
  let behind = 600_000

  before(async () => {
    world = await createWorld(behind)
    browser = await openBrowser()
    page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
    page.setDefaultTimeout(60_000)
  })
  after(async () => {
    await browser?.close()
    await world?.close()
  })

  /** A minute later, so that no code is a used one. */
  const code = () => {
    behind -= 60_000
    world.goTo(behind)
    return codeAt(secret, Math.floor(world.now() / 30_000))
  }
  const wrong = (right: string) => (right === '000000' ? '000001' : '000000')

  const enter = async () => {
    await page.getByLabel('User name').fill(USER)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Log in' }).click()
  }
  const leave = async () => {
    await page.getByRole('button', { name: 'Log out' }).first().click()
    await page.getByLabel('User name').waitFor()
  }

  it('are turned on after the authenticator proved that it has the secret', async () => {
    await logIn(page, world.url)
    await page.goto(`${world.url}/settings`)
    await page.getByRole('button', { name: 'Turn on' }).click()
    const uri = await page.locator('.command pre').innerText()
    secret = new URL(uri).searchParams.get('secret') ?? ''
    assert.match(secret, /^[A-Z2-7]{32}$/)
    await page.getByLabel('One-time code').fill(wrong(code()))
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByRole('alert').filter({ hasText: /code/i }).first().waitFor()
    await page.getByLabel('One-time code').fill(code())
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('One-time codes are on.').waitFor()
    const shown = (await page.locator('.command pre').innerText()).split('\n')
    assert.equal(shown.length, 10)
    recovery = shown[0] ?? ''
    await page.reload()
    await page.getByText('10 recovery codes are left.').waitFor()
    assert.equal(await page.getByText(recovery).count(), 0)
  })

  it('are asked for at the next log-in; a wrong one and a used one are refused', async () => {
    await leave()
    await enter()
    const field = page.getByLabel('One-time code')
    const used = code()
    await field.fill(wrong(used))
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('alert').waitFor()
    await field.fill(used)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('heading', { name: 'Home' }).waitFor()
    await leave()
    await enter()
    await field.fill(used)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('alert').waitFor()
    await field.fill(code())
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('heading', { name: 'Home' }).waitFor()
  })

  it('are replaced by a recovery code, once', async () => {
    for (const expected of ['Home', undefined]) {
      await leave()
      await enter()
      await page.getByLabel('One-time code').fill(recovery)
      await page.getByRole('button', { name: 'Log in' }).click()
      if (expected !== undefined) await page.getByRole('heading', { name: expected }).waitFor()
      else await page.getByRole('alert').waitFor()
    }
    await page.getByLabel('One-time code').fill(code())
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('heading', { name: 'Home' }).waitFor()
  })

  it('are turned off with the password only', async () => {
    await page.goto(`${world.url}/settings`)
    const off = page.locator('.card', { hasText: 'One-time codes are on.' })
    await off.getByLabel('Current password').fill('wrong')
    await off.getByRole('button', { name: 'Turn off' }).click()
    await page.getByRole('alert').first().waitFor()
    await off.getByLabel('Current password').fill(PASSWORD)
    await off.getByRole('button', { name: 'Turn off' }).click()
    await page.getByRole('button', { name: 'Turn on' }).waitFor()
    await leave()
    await enter()
    await page.getByRole('heading', { name: 'Home' }).waitFor()
  })
})
