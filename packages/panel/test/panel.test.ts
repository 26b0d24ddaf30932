import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { logIn, openBrowser } from './browser.ts'
import { addNode, createWorld, HELLO, POSTGRES, type World } from './world.ts'

/** The tutorial by mouse, in a real browser, against a real Master; the node is played. */
describe('the tutorial by mouse', () => {
  let world: World
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let node: Awaited<ReturnType<typeof addNode>>

  before(async () => {
    world = await createWorld()
    browser = await openBrowser()
    context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 860 } })
    page = await context.newPage()
    page.setDefaultTimeout(60_000)
  })
  after(async () => {
    await browser?.close()
    await world?.close()
  })

  it('refuses a wrong password and says so, then logs in', async () => {
    await page.goto(`${world.url}/erp5/web_site_module/hostingjs/`)
    await page.getByLabel('User name').fill('admin')
    await page.getByLabel('Password', { exact: true }).fill('wrong')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('alert').waitFor()
    await logIn(page, world.url)
    const cookies = await context.cookies()
    const session = cookies.find((cookie) => cookie.name === 'slapos_session')
    assert.equal(session?.httpOnly, true)
    assert.equal(session?.sameSite, 'Strict')
    // Bookmarks of the dashboard before this one.
    await page.goto(`${world.url}/erp5/web_site_module/hostingjs/#/computer_module`)
    await page.getByRole('heading', { name: 'Servers' }).waitFor()
    await page.goto(`${world.url}/erp5/web_site_module/hostingjs/some/page?of=it#/hosting_subscription_module`)
    await page.getByRole('heading', { name: 'Services' }).waitFor()
  })

  it('makes a token with one line to paste; the dialog turns green when the machine appears', async () => {
    await page.getByRole('link', { name: 'Servers', exact: true }).first().click()
    await page.getByText('No server yet').waitFor()
    await page.getByRole('button', { name: 'Add a server' }).first().click()
    await page.getByRole('button', { name: 'Make a token' }).click()
    const line = await page.locator('.command pre').innerText()
    const token = /\d{8}-[0-9a-f]+(?:\.[0-9a-f]+)?/.exec(line)?.[0]
    assert.ok(token, line)
    await page.getByText('Waiting for the machine').waitFor()
    // The machine registers as a classic one: with the token, through the real registration path.
    const body = new URLSearchParams({ title: 'COMP by mouse' })
    const url = `${world.master.webUrl}Person_requestComputer`
    const answer = await fetch(url, { method: 'POST', body, headers: { 'X-Access-Token': token } })
    assert.equal(answer.status, 200, await answer.text())
    await page.getByText('COMP by mouse joined').waitFor()
    await page.getByRole('link', { name: 'Open the server' }).click()
    await page.getByRole('heading', { name: 'COMP by mouse' }).waitFor()
  })

  it('supplies software and follows its build without a reload', async (t) => {
    node = await addNode(world, 'paris')
    const { cloud } = world.master.parts
    await page.getByRole('link', { name: 'Servers', exact: true }).first().click()
    await page.getByRole('link', { name: 'paris' }).click()
    await page.getByText('No software on this server yet').waitFor()
    await page.getByRole('link', { name: 'Supply software' }).first().click()
    await page.getByText('Hello World', { exact: true }).first().click()
    await page.getByRole('heading', { name: 'Summary' }).waitFor()
    await page.getByRole('button', { name: 'Proceed' }).click()
    await page.getByRole('heading', { name: 'helloworld 1.0.0' }).waitFor()
    await page.getByText('Requested', { exact: true }).first().waitFor()
    await cloud.software.report(node.caller, node.computer, HELLO, 'building')
    await page.getByText('Building', { exact: true }).waitFor()
    await cloud.software.error(node.caller, node.computer, HELLO, 'first line\nno space left on device')
    await page.getByText('no space left on device').waitFor()
    await cloud.software.report(node.caller, node.computer, HELLO, 'available')
    const started = performance.now()
    await page.getByText('Available', { exact: true }).waitFor()
    t.diagnostic(`a change was on the screen after ${Math.round(performance.now() - started)} ms`)
  })

  it('requests a service through the form; XML and JSON show the same values', async () => {
    await page.getByRole('link', { name: 'Services', exact: true }).click()
    await page.getByRole('link', { name: 'Add', exact: true }).first().click()
    await page.getByText('Hello World', { exact: true }).first().click()
    await page.locator('input[name=title]').fill('Greeter')
    const place = page.getByLabel('Server', { exact: true })
    await place.selectOption('sla')
    await page.getByLabel('Add a condition').selectOption('computer_guid')
    await page.getByLabel('On this server').fill('paris')
    await page.getByText('Written as COMP-1').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Proceed' }).isDisabled(), true)
    await page.getByRole('button', { name: 'Remove computer_guid' }).click()
    await place.selectOption(node.computer)
    await page.getByLabel('Message', { exact: true }).fill('Bonjour')
    await page.getByText('Parameter XML', { exact: true }).click()
    const xml = await page.getByRole('textbox', { name: 'Parameter XML' }).inputValue()
    assert.match(xml, /<parameter id="_">[\s\S]*"message": "Bonjour"/)
    assert.doesNotMatch(xml, /8080/, 'defaults are shown, not sent')
    await page.getByText('Parameter form', { exact: true }).click()
    assert.equal(await page.getByLabel('Message', { exact: true }).inputValue(), 'Bonjour')
    await page.reload()
    assert.equal(await page.getByLabel('Message', { exact: true }).inputValue(), 'Bonjour', 'a draft survives a reload')
    await page.getByText('The same in a shell').click()
    const command = `slapos request Greeter ${HELLO} --node computer_guid=${node.computer} --parameters '_={"message":"Bonjour"}'`
    assert.equal(await page.locator('.command pre').innerText(), command)
    await page.getByRole('button', { name: 'Proceed' }).click()
    await page.getByRole('heading', { name: 'Greeter' }).waitFor()
    await page.getByText(/Not published yet/).waitFor()
  })

  it('shows connection parameters as they are published, secrets masked', async () => {
    const { cloud } = world.master.parts
    const guid = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    const connection = { _: JSON.stringify({ url: 'http://127.0.0.1:9/', 'admin-password': 'tiger' }) }
    await cloud.instances.publish(node.caller, { guid }, connection)
    await cloud.instances.report(node.caller, { guid }, 'started')
    await page.getByRole('link', { name: 'http://127.0.0.1:9/' }).waitFor()
    await page.getByText('Started', { exact: true }).first().waitFor()
    assert.equal(await page.getByText('tiger').count(), 0)
    await page.getByRole('button', { name: 'Show admin-password' }).click()
    await page.getByText('tiger').waitFor()
  })

  it('shows the difference before it saves, stops, explains, and destroys after the title is typed', async () => {
    await page.getByRole('tab', { name: 'Parameters' }).click()
    await page.getByLabel('Message', { exact: true }).fill('Salut')
    await page.locator('.difference .added').getByText('Salut').waitFor()
    await page.reload()
    await page.locator('.difference .added').getByText('Salut').waitFor()
    await page.getByText('paris applies it at once: of its 0 processes').waitFor()
    const guid = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    const { cloud } = world.master.parts
    const { title, releaseUrl, softwareType, filter, state, shared } = await cloud.instances.get(world.asPerson, guid)
    const theirs = { _: JSON.stringify({ message: 'Hej' }) }
    await cloud.instances.request(world.asPerson, {
      title,
      releaseUrl,
      softwareType,
      filter,
      state,
      shared,
      parameters: theirs,
    })
    await page.getByText('Somebody else saved a change in the meantime.').waitFor()
    await page.locator('.difference .removed').getByText('Hej').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Save' }).isDisabled(), true)
    await page.getByRole('button', { name: 'Keep mine' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved. The server applies it now.').waitFor()
    await page.getByRole('tab', { name: 'History' }).click()
    const versions = page.getByRole('table', { name: 'Earlier parameters and releases' })
    await versions.getByRole('button', { name: 'Compare' }).nth(1).waitFor()
    await versions.getByRole('button', { name: 'Compare' }).nth(1).click()
    const restore = page.getByRole('dialog', { name: 'Back to an earlier version' })
    await restore.locator('.difference .added').getByText('Bonjour').waitFor()
    await restore.locator('.difference .removed').getByText('Salut').waitFor()
    await restore.getByRole('button', { name: 'Use it again' }).click()
    await restore.waitFor({ state: 'detached' })
    await versions.getByRole('button', { name: 'Compare' }).nth(2).waitFor()
    const { parameters } = await cloud.instances.get(world.asPerson, guid)
    assert.equal(JSON.parse(parameters['_'] ?? '').message, 'Bonjour')
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('Stopping', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'Why?' }).click()
    await page.getByText(/Greeter has been stopping/).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Destroy' }).click()
    const dialog = page.getByRole('dialog')
    assert.equal(await dialog.getByRole('button', { name: 'Destroy' }).isDisabled(), true)
    await dialog.getByLabel('Type Greeter to confirm').fill('Greeter')
    await dialog.getByRole('button', { name: 'Destroy' }).click()
    await page.getByRole('heading', { name: 'Services' }).waitFor()
  })

  it('asks for a service where its release is missing: one tick supplies it', async () => {
    const { computer } = await addNode(world, 'lyon')
    await page.goto(`${world.url}/services/add?release=${encodeURIComponent(POSTGRES)}`)
    await page.getByText('No server has this release yet').waitFor()
    await page.locator('input[name=title]').fill('Database')
    await page.getByLabel('Server', { exact: true }).selectOption(computer)
    assert.equal(await page.getByLabel(`Supply the release to ${computer}, too`).isChecked(), true)
    await page.getByText('The same in a shell').click()
    await page.getByText(`slapos supply ${POSTGRES} ${computer}`, { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Proceed' }).click()
    await page.getByRole('heading', { name: 'Database' }).waitFor()
    await page.goto(`${world.url}/services/add?release=${encodeURIComponent(POSTGRES)}`)
    await page.locator('input[name=title]').fill('Elsewhere')
    await page.getByLabel('Server', { exact: true }).selectOption(node.computer)
    await page.getByLabel(`Supply the release to ${node.computer}, too`).uncheck()
    await page.getByRole('button', { name: 'Proceed' }).click()
    await page.getByRole('heading', { name: 'Elsewhere' }).waitFor()
    await page.getByRole('link', { name: `Supply its release to ${node.computer}` }).click()
    await page.getByRole('heading', { name: 'Summary' }).waitFor()
    await page.goto(`${world.url}/servers/${computer}`)
    await page
      .getByRole('table', { name: 'Supplied software' })
      .getByText(/postgres/)
      .waitFor()
  })

  it('a token that is revoked while somebody waits with it says so', async () => {
    await page.goto(`${world.url}/servers`)
    await page.getByRole('button', { name: 'Add a server' }).first().click()
    await page.getByRole('button', { name: 'Make a token' }).click()
    await page.getByText('Waiting for the machine').waitFor()
    const other = await context.newPage()
    await other.goto(`${world.url}/servers`)
    await other.getByRole('tab', { name: 'Tokens' }).click()
    await other.getByRole('button', { name: 'Revoke' }).first().click()
    await page.getByText('This token counts no more (revoked): make another one.').waitFor()
    await other.close()
    await page.keyboard.press('Escape')
  })

  it('finds things by keyboard and says when the connection is lost', async () => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Search' }).fill('par')
    await page.getByRole('option', { name: /paris/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'paris' }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Show the keyboard shortcuts').waitFor()
    await page.keyboard.press('Escape')
    world.master.parts.events.close()
    await page.getByText(/Connection lost/).waitFor()
  })
})
