import assert from 'node:assert/strict'
import { after, before, describe } from 'node:test'
import type { Page } from 'playwright-core'
import { helloworld, kill } from '../../../cli/test/cloud.ts'
import { beginWalk, steps, type Walk } from './walk.ts'

/** What the screen says when parts of the cloud go away; it is right again by itself, without a reload. */
describe('outages, as the screen shows them', () => {
  let walk: Walk
  let page: Page
  const it = steps()
  const shown = (text: string | RegExp) => page.getByText(text, { exact: true }).first().waitFor()

  before(async () => {
    walk = await beginWalk()
    page = walk.page
    await walk.cloud.ok('supply', helloworld, 'COMP-0')
    await walk.request('hello')
    await walk.logIn()
  })
  after(async () => {
    await walk?.[Symbol.asyncDispose]()
  })

  it('a process that is killed is seen to come back', async () => {
    await walk.openService('hello')
    await shown('Started')
    await page.getByRole('tab', { name: 'Processes' }).click()
    const row = page.getByRole('row', { name: /greeter/ })
    await row.getByText('Running').waitFor()
    const pid = async () => (await walk.cloud.services())['slappart0:greeter-on-watch']?.pid ?? 0
    const before = await pid()
    await row.getByText(String(before)).waitFor()
    const killed = performance.now()
    kill(before)
    await row.getByText(String(before)).waitFor({ state: 'detached' })
    process.stdout.write(`# a process's end was on the screen after ${Math.round(performance.now() - killed)} ms\n`)
    await row.getByText('Running').waitFor()
    assert.notEqual(await pid(), before)
  })

  it('a failing promise turns the service, and turns it back', async () => {
    await page
      .getByRole('row', { name: /greeter/ })
      .getByRole('button', { name: /^Stop/ })
      .click()
    await page.getByRole('tab', { name: 'Overview' }).click()
    await shown('Failing')
    await page.getByRole('button', { name: 'Why?' }).click()
    await page
      .getByRole('dialog')
      .getByText(/unhealthy/)
      .waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('tab', { name: 'Processes' }).click()
    await page
      .getByRole('row', { name: /greeter/ })
      .getByRole('button', { name: /^Start/ })
      .click()
    await shown('Started')
  })

  it('the strip of the day shows that it was not well all the time', async () => {
    await page.getByRole('tab', { name: 'Overview' }).click()
    const strip = page.getByRole('img', { name: /in the last 24 hours/ })
    await strip.waitFor()
    const share = Number.parseFloat((await strip.getAttribute('aria-label')) ?? '')
    assert.ok(share > 0 && share < 100, `${share} %`)
    await page.locator('a[href="/servers/COMP-0"]').first().click()
    await page.getByRole('tab', { name: 'Supplied software' }).waitFor()
    await strip.waitFor()
    assert.match((await strip.getAttribute('aria-label')) ?? '', /^100%/)
    await walk.openService('hello')
  })

  it('the Master that is killed is said to be away, and the page goes on when it is back', async () => {
    kill(await walk.cloud.pid('master'))
    await page.getByText(/Connection lost/).waitFor()
    await page.getByText(/Connection lost/).waitFor({ state: 'detached' })
    await shown('Started')
    await walk.request('another')
    await walk.openService('another')
    await walk.accessible()
  })

  it('needed no reload', async () => assert.equal(walk.loads(), 0))
})
