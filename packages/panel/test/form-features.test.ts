import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { logIn, openBrowser } from './browser.ts'
import { createWorld, EVERYTHING, type World } from './world.ts'

/** The form of a release whose schema uses every feature, in a real browser under the real security policy. */
describe('the form of parameters', () => {
  let world: World
  let browser: Browser
  let page: Page

  before(async () => {
    world = await createWorld()
    await world.master.parts.cloud.catalogue.add(world.asPerson, EVERYTHING)
    browser = await openBrowser()
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 860 } })
    page = await context.newPage()
    page.setDefaultTimeout(60_000)
    await logIn(page, world.url)
    await page.goto(`${world.url}/services/add?release=${encodeURIComponent(EVERYTHING)}`)
    await page.locator('.schema-form').waitFor()
  })
  after(async () => {
    await browser?.close()
    await world?.close()
  })

  const view = (name: string) => page.locator('.mantine-SegmentedControl-root').getByText(name, { exact: true }).click()
  /** A field by its label, which carries a star when it is required. */
  const field = (label: string) => page.locator('.schema-form').getByLabel(new RegExp(`^${label}( \\*)?$`))
  const json = () => page.getByRole('textbox', { name: 'JSON' })
  /** What would be sent, read in the JSON view. */
  async function sent(): Promise<unknown> {
    await view('JSON')
    const text = await json().inputValue()
    await view('Parameter form')
    await page.locator('.schema-form').waitFor()
    return JSON.parse(text)
  }
  async function set(value: unknown): Promise<void> {
    await view('JSON')
    await json().fill(JSON.stringify(value))
    await view('Parameter form')
    await page.locator('.schema-form').waitFor()
  }
  const proceed = () => page.getByRole('button', { name: 'Proceed' })

  it('shows defaults and sends none; deciding for the default again leaves the parameter out', async () => {
    assert.equal(await field('Name').getAttribute('placeholder'), 'nobody')
    assert.equal(await field('Cache').isChecked(), true)
    assert.equal(await field('Colour').locator('option:checked').innerText(), 'green (default)')
    await field('Cache').uncheck()
    await field('Colour').selectOption('3')
    assert.deepEqual(await sent(), { cache: false, colour: 3, protocol: 'http' })
    await field('Cache').check()
    await field('Colour').selectOption('')
    assert.deepEqual(await sent(), { protocol: 'http' }, 'a constant can be nothing else')
  })

  it('says what does not fit at its field, and nothing is sent before it does', async () => {
    await set({ port: 80, share: 0.3, site: 'nowhere', name: 'x' })
    for (const [label, message] of [
      ['Port', /1024/],
      ['Share', /multiple/],
      ['Site', /uri/],
      ['Name', /2/],
    ] as const) {
      const described = field(label).locator('xpath=ancestor::*[contains(@class,"mantine-InputWrapper-root")][1]')
      assert.match(await described.locator('.mantine-InputWrapper-error').innerText(), message, label)
    }
    assert.equal(await proceed().isDisabled(), true)
    await field('Port').fill('8443')
    await set({ port: 8443, share: 0.5, site: 'https://a.example/', name: 'xy' })
    assert.equal(await proceed().isDisabled(), false)
  })

  it('keeps and shows values that the schema does not foresee', async () => {
    const odd = { port: 'many', colour: 'mauve', cache: 'perhaps', foreign: [1] }
    await set(odd)
    assert.equal(await field('Colour').locator('option:checked').innerText(), 'mauve')
    assert.equal(await field('Port').inputValue(), 'many')
    await field('Name').fill('still here')
    assert.deepEqual(await sent(), { ...odd, name: 'still here', protocol: 'http' })
    assert.equal(await proceed().isDisabled(), true)
  })

  it('masks secrets, also those behind a reference and those of many lines', async () => {
    await set({ account: { password: 'tiger' }, 'apache-key': 'PEM' })
    assert.equal(await field('Password of the account').getAttribute('type'), 'password')
    const hidden = await field('Key').evaluate((area) =>
      getComputedStyle(area).getPropertyValue('-webkit-text-security'),
    )
    assert.equal(hidden, 'disc')
    assert.equal(await field('Notes').evaluate((area) => area.tagName), 'TEXTAREA')
  })

  it('shows what a choice asks for: if and then, all of, one of', async () => {
    await set({})
    assert.equal(await field('Certificate').count(), 0)
    await field('Mode').selectOption({ label: 'tls' })
    await field('Certificate').fill('PEM')
    await field('Least').fill('1024')
    await field('Most').fill('5')
    await field('Size').fill('20')
    assert.deepEqual(await sent(), {
      protocol: 'http',
      mode: 'tls',
      certificate: 'PEM',
      limits: { least: 1024, most: 5 },
      disk: { size: 20 },
    })
    await set({ mode: 'tls', certificate: 'PEM', colour: 'mauve', pair: ['a', 1] })
    await field('Mode').selectOption({ label: 'plain' })
    assert.deepEqual(await sent(), { protocol: 'http', mode: 'plain', colour: 'mauve', pair: ['a', 1] })
    await set({ disk: { image: 'debian' } })
    assert.equal(await field('Image').inputValue(), 'debian')
  })

  it('adds, moves and removes what there are several of', async () => {
    await set({ hosts: ['a', 'b'], labels: { team: 'red' }, nodes: { n1: { weight: 2 } } })
    const hosts = page.locator('.schema-form').getByLabel(/^Hosts-\d/)
    await hosts.first().waitFor()
    await page.getByRole('button', { name: 'Move down' }).first().click()
    await page.getByRole('button', { name: 'Add', exact: true }).first().click()
    await hosts.nth(2).fill('c')
    await page.getByRole('button', { name: 'Remove' }).first().click()
    const rest = { protocol: 'http' }
    assert.deepEqual(await sent(), {
      ...rest,
      hosts: ['a', 'c'],
      labels: { team: 'red' },
      nodes: { n1: { weight: 2 } },
    })
  })

  it('adds entries of a dictionary by their names, which a pattern may restrict, and renames and removes them', async () => {
    await set({})
    const group = (title: string) =>
      page.locator('.schema-form fieldset', { has: page.getByText(title, { exact: true }) })
    const nodes = group('Nodes')
    await nodes.getByRole('button', { name: 'Add an entry' }).click()
    await nodes.getByText('A name is needed').waitFor()
    await nodes.getByLabel('Name of the entry').fill('first')
    await nodes.getByText('must match the pattern ^n[0-9]+$').waitFor()
    await nodes.getByLabel('Name of the entry').fill('n1')
    await nodes.getByLabel('Name of the entry').press('Enter')
    await nodes.getByLabel('Weight').fill('3')
    const labels = group('Labels')
    await labels.getByLabel('Name of the entry').fill('team')
    await labels.getByRole('button', { name: 'Add an entry' }).click()
    await labels.getByRole('textbox', { name: 'team' }).fill('red')
    const rest = { protocol: 'http', labels: { team: 'red' } }
    assert.deepEqual(await sent(), { ...rest, nodes: { n1: { weight: 3 } } })
    await nodes.getByLabel('Name', { exact: true }).fill('n2')
    await nodes.getByLabel('Name', { exact: true }).blur()
    assert.deepEqual(await sent(), { ...rest, nodes: { n2: { weight: 3 } } })
    await nodes.getByRole('button', { name: 'Remove n2' }).click()
    await labels.getByRole('button', { name: 'Remove team' }).click()
    assert.deepEqual(await sent(), { protocol: 'http', labels: {}, nodes: {} })
  })

  it('of several kinds one is chosen, which brings its constants and what it refers to; another keeps what fits', async () => {
    await set({})
    await field('Gain').fill('1.5')
    await page
      .locator('.schema-form fieldset', { has: page.getByText('Boards') })
      .getByRole('button', { name: 'Add', exact: true })
      .last()
      .click()
    await field('Boards-1').fill('4')
    assert.deepEqual(await sent(), { protocol: 'http', radio: { kind: 'board', gain: 1.5, boards: [4] } })
    await field('Radio').selectOption({ label: 'A link' })
    await field('Address of the link').fill('10.0.0.1')
    assert.deepEqual(await sent(), { protocol: 'http', radio: { kind: 'link', gain: 1.5, address: '10.0.0.1' } })
    await set({ radio: { kind: 'link', gain: 2, address: 'x' } })
    assert.equal(await field('Radio').locator('option:checked').innerText(), 'A link')
    assert.equal(await proceed().isDisabled(), false)
  })

  it('lists of anything and of places, values of several types, answers that may be left out', async () => {
    await set({ pair: ['a', 1] })
    await field('To').fill('2')
    await page
      .locator('.schema-form fieldset', { has: page.getByText('Keys') })
      .getByRole('button', { name: 'Add', exact: true })
      .first()
      .click()
    await field('Keys-1').fill('ssh-ed25519')
    await field('Amount').fill('0.25')
    await field('Either').fill('1024')
    await field('Anything').fill('80')
    await field('Verbose').selectOption({ label: 'No' })
    assert.deepEqual(await sent(), {
      ...{ protocol: 'http', pair: ['a', 2], keys: ['ssh-ed25519'], amount: 0.25, either: 1024 },
      ...{ anything: '80', verbose: false },
    })
    await field('Verbose').selectOption({ label: '–' })
    await field('Amount').fill('')
    await field('Either').fill('600')
    await page.getByText('Either: must be a multiple of 512').waitFor()
    await field('Either').fill('')
    await field('Domain').fill('exa mple')
    await page.getByText('must be written as idn-hostname', { exact: true }).waitFor()
    await page.getByText(/needs site beside domain/).waitFor()
    await field('Domain').fill('')
    assert.deepEqual(await sent(), { protocol: 'http', pair: ['a', 2], keys: ['ssh-ed25519'], anything: '80' })
  })

  it('what is deprecated is out of the way until it is used; what is not foreseen is listed and removable', async () => {
    await set({})
    assert.equal(await field('\\[DEPRECATED\\] Old').isVisible(), false)
    await page.getByText('Deprecated and expert parameters (1)').click()
    await field('\\[DEPRECATED\\] Old').fill('x')
    await set({ old: 'x', odd: { a: 1 }, nodes: { m: 1 } })
    assert.equal(await field('\\[DEPRECATED\\] Old').inputValue(), 'x')
    await page.getByText('odd: {"a":1}').waitFor()
    await page.getByText('nodes › m: 1').waitFor()
    await page.getByRole('button', { name: 'Remove odd' }).click()
    await page.getByRole('button', { name: 'Remove nodes › m' }).click()
    assert.deepEqual(await sent(), { protocol: 'http', old: 'x', nodes: {} })
  })

  it('speaks the language of the reader where it refuses', async () => {
    await set({ port: 1 })
    await page.getByText('Port: must be at least 1024').waitFor()
    await page.evaluate(() => localStorage.setItem('slapos-language', 'fr'))
    await page.reload()
    await page.getByText('Port: doit être au moins 1024').waitFor()
    await page.evaluate(() => localStorage.setItem('slapos-language', 'zh'))
    await page.reload()
    await page.getByText('Port: 不得小于 1024').waitFor()
    await page.evaluate(() => localStorage.setItem('slapos-language', 'en'))
    await page.reload()
    await page.getByText('Port: must be at least 1024').waitFor()
  })

  it('keeps half-typed text on the screen until it reads or is undone; the views stay in step', async () => {
    await set({ name: 'before' })
    await view('Parameter XML')
    const xml = page.getByRole('textbox', { name: 'Parameter XML' })
    const good = await xml.inputValue()
    await xml.fill('<instance><parameter id="_">')
    assert.equal(await proceed().isDisabled(), true)
    assert.equal(await page.getByRole('radio', { name: 'Parameter form' }).isDisabled(), true)
    await xml.fill(good.replace('before', 'after'))
    await view('Parameter form')
    assert.equal(await field('Name').inputValue(), 'after')
    await view('JSON')
    await json().fill('{"name": ')
    await page.getByRole('button', { name: 'Back to the last text that could be read' }).click()
    assert.deepEqual(JSON.parse(await json().inputValue()), { name: 'after' })
    await view('Parameter form')
    assert.equal(await proceed().isDisabled(), false)
  })
})
