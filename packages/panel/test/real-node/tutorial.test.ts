import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import type { Page } from 'playwright-core'
import { helloworld } from '../../../cli/test/cloud.ts'
import { beginWalk, steps, until, type Walk } from './walk.ts'

/** The tutorial by mouse, on a cloud as a person has it: everything that the screen shows comes from the real node. */
describe('the tutorial by mouse, on a real node', () => {
  let walk: Walk
  let page: Page
  const it = steps()

  const menu = (name: string) => page.getByRole('link', { name, exact: true }).first().click()
  const shown = (text: string | RegExp) => page.getByText(text, { exact: true }).first().waitFor()
  const tab = (name: string) => page.getByRole('tab', { name, exact: true }).click()
  // Of the service; that of its child follows.
  const address = () =>
    page
      .getByRole('link', { name: /^http:\/\/127\.\d+/ })
      .first()
      .getAttribute('href')
  /** Another window, in which somebody watches the slave: nobody touches it. */
  let watching: Page
  const answer = async (path = '') => (await fetch(`${await address()}${path}`)).text()

  before(async () => {
    walk = await beginWalk()
    page = walk.page
  })
  after(async () => {
    await walk?.[Symbol.asyncDispose]()
  })

  it('logs in as the first user, and sees the server with its areas', async () => {
    await walk.logIn()
    await walk.accessible()
    await menu('Servers')
    await page.getByRole('link', { name: 'COMP-0' }).or(page.getByText('COMP-0')).first().waitFor()
    await shown('Connected')
    await shown('Free')
    await walk.accessible()
  })

  it('a token is one line to paste; the dialog turns green by itself when a machine joined with it', async () => {
    await page.getByRole('button', { name: 'Add a server' }).first().click()
    await page.getByLabel('Name of the server').fill('second')
    await page.getByRole('button', { name: 'Make a token' }).click()
    const line = await page.locator('.command pre').innerText()
    const token = /\d{8}-[0-9a-f]+(?:\.[0-9a-f]+)?/.exec(line)?.[0]
    assert.ok(token, line)
    await page.getByText('Waiting for the machine').waitFor()
    await walk.accessible()
    await walk.join('second', token)
    await page.getByText('second joined').waitFor()
    await page.getByRole('link', { name: 'Open the server' }).click()
    await page.getByRole('heading', { name: 'second' }).waitFor()
    await menu('Servers')
    await tab('Tokens')
    const tokens = page.getByRole('table', { name: 'Tokens' })
    await tokens.getByRole('row', { name: /used/ }).getByRole('link', { name: 'COMP-1' }).waitFor()
    await page.getByRole('button', { name: 'Add a server' }).first().click()
    await page.getByRole('button', { name: 'Make a token' }).click()
    const other = /\d{8}-[0-9a-f]+(?:\.[0-9a-f]+)?/.exec(await page.locator('.command pre').innerText())?.[0] ?? ''
    await page.keyboard.press('Escape')
    await tokens.getByRole('button', { name: 'Revoke' }).first().click()
    await tokens.getByText('revoked').waitFor()
    await walk.refuse('third', other)
    await walk.accessible()
  })

  it('a slave that is asked for before its host waits, and says so', async () => {
    await menu('Services')
    await page.getByRole('link', { name: 'Add', exact: true }).first().click()
    await page.getByText('Hello World', { exact: true }).first().click()
    await page.locator('input[name=title]').fill('Early greeting')
    await page.getByLabel('Software type').selectOption({ label: 'Greeting (slave)' })
    await page.getByLabel('Path', { exact: true }).fill('early')
    await page.getByLabel('Message', { exact: true }).fill('Good morning')
    await page.getByRole('button', { name: 'Proceed' }).click()
    await page.getByRole('heading', { name: 'Early greeting' }).waitFor()
    await shown(/^Waiting for a place/)
    watching = await page.context().newPage()
    await watching.goto(page.url())
    await watching
      .getByText(/^Waiting for a place/)
      .first()
      .waitFor()
    await watching.getByText('not published yet').first().waitFor()
    await walk.accessible()
  })

  it('supplies software, and follows the real build until it is there', async () => {
    await menu('Servers')
    await page
      .getByRole('link', { name: /COMP-0/ })
      .or(page.locator('tr', { hasText: 'COMP-0' }).getByRole('link'))
      .first()
      .click()
    await page.getByText('No software on this server yet').waitFor()
    await page.getByRole('link', { name: 'Supply software' }).first().click()
    await page.getByText('Hello World', { exact: true }).first().click()
    await page.getByRole('heading', { name: 'Summary' }).waitFor()
    await page.getByRole('button', { name: 'Proceed' }).click()
    await page.getByRole('heading', { name: 'helloworld 1.0.0' }).waitFor()
    await shown('Available')
    await walk.accessible()
  })

  it('requests a service by its form: what is wrong is said before sending, the raw views stay in step', async () => {
    await page.getByRole('link', { name: 'Request a service' }).click()
    await page.locator('input[name=title]').fill('Greeter')
    await page.getByLabel('Server', { exact: true }).selectOption('COMP-0')
    await page.getByLabel('Port', { exact: true }).fill('70000')
    await page.getByRole('alert').first().waitFor()
    assert.equal(await page.getByRole('button', { name: 'Proceed' }).isDisabled(), true)
    await page.getByLabel('Port', { exact: true }).fill('8088')
    await page.getByLabel('Message', { exact: true }).fill('Bonjour')
    await page.getByText('Parameter XML', { exact: true }).click()
    assert.match(await page.getByRole('textbox', { name: 'Parameter XML' }).inputValue(), /"message": "Bonjour"/)
    await page.getByText('Parameter form', { exact: true }).click()
    await walk.accessible()
    await page.getByRole('button', { name: 'Proceed' }).click()
    await page.getByRole('heading', { name: 'Greeter' }).waitFor()
    await page.getByRole('link', { name: /^http:\/\/127\..*:8088\/$/ }).waitFor()
    await shown('Started')
    await until(async () => /Bonjour/.test(await answer().catch(() => '')))
    await walk.accessible()
  })

  it('saves a change after its difference was seen; the node serves it without a reload of the page', async () => {
    await tab('Parameters')
    await page.getByLabel('Message', { exact: true }).fill('Salut')
    await page.locator('.difference .added').getByText('Salut').waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved. The server applies it now.').waitFor()
    await tab('Overview')
    await until(async () => /Salut/.test(await answer()))
  })

  it('goes back to what was asked for before, and does the same by the command that it shows', async () => {
    await tab('History')
    await page.getByRole('button', { name: 'Compare' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Back to an earlier version' })
    await dialog.locator('.difference .added').getByText('Bonjour').waitFor()
    await dialog.getByText(/applies it at once: of its \d+ processes/).waitFor()
    await walk.accessible()
    await dialog.getByRole('button', { name: 'Use it again' }).click()
    await dialog.waitFor({ state: 'detached' })
    await tab('Overview')
    await until(async () => /Bonjour/.test(await answer()))
    await page.getByText('The same in a shell').click()
    const line = await page.locator('.command pre').first().innerText()
    const words = execFileSync('sh', ['-c', `slapos() { printf '%s\\n' "$@"; }\n${line.replace('Bonjour', 'Salut')}`])
    await walk.cloud.ok(...words.toString().trimEnd().split('\n'))
    await until(async () => /Salut/.test(await answer()))
  })

  it('restarts and stops a process, and reads its log as it comes', async () => {
    await tab('Processes')
    const row = page.getByRole('row', { name: /greeter/ })
    await row.getByText('Running').waitFor()
    const pid = async () => (await walk.cloud.services())['slappart0:greeter-on-watch']?.pid
    const before = await pid()
    await row.getByRole('button', { name: /^Restart/ }).click()
    await until(async () => (await pid()) !== before && (await pid()) !== undefined)
    await row.getByText('Running').waitFor()
    await row.getByRole('button', { name: /^Stop/ }).click()
    await row.getByText('Stopped').waitFor()
    await row.getByRole('button', { name: /^Start/ }).click()
    await row.getByText('Running').waitFor()
    await walk.accessible()
    await tab('Logs')
    await page
      .locator('[role=log]')
      .getByText(/greeting at/)
      .first()
      .waitFor()
    await walk.accessible()
    await tab('Promises')
    await page.getByText('greeter-answers').first().waitFor()
  })

  it('serves the slave that waited, by itself', async () => {
    await watching.getByText('Served', { exact: true }).first().waitFor()
    await watching.getByText('not published yet').waitFor({ state: 'detached' })
    await watching.close()
    await walk.openService('Early greeting')
    await shown('Served')
    assert.match(await answer(), /Good morning/)
  })

  it('asks for a child, and shows the tree', async () => {
    await walk.openService('Greeter')
    await tab('Parameters')
    await page.getByLabel(/child/i).check()
    await page.getByRole('button', { name: 'Save' }).click()
    await tab('Overview')
    await page.getByRole('table', { name: 'Instances' }).getByText('child').first().waitFor()
    await page.getByRole('table', { name: 'Connection parameters' }).getByText('child-url').waitFor()
    await walk.accessible()
  })

  it('upgrades to another release after its difference was seen; it waits for that release, and says so', async () => {
    const next = await nextRelease(walk.cloud.root)
    await menu('Software')
    await page.getByRole('button', { name: 'Add by URL' }).click()
    const adding = page.getByRole('dialog', { name: 'Add a release' })
    await adding.getByLabel('URL of the release').fill(next)
    await adding.getByRole('button', { name: 'Add', exact: true }).click()
    await adding.waitFor({ state: 'detached' })
    await walk.openService('Greeter')
    await page.getByRole('button', { name: 'Upgrade to 1.1.0' }).click()
    const dialog = page.getByRole('dialog', { name: 'Upgrade to 1.1.0' })
    await dialog.locator('.difference .removed').getByText('helloworld 1.0.0').waitFor()
    await dialog.locator('.difference .added').getByText('helloworld 1.1.0').waitFor()
    await dialog.getByText(/lacks the release: the present one goes on until it is supplied/).waitFor()
    await walk.accessible()
    await dialog.getByRole('button', { name: 'Upgrade', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('1.1.0').first().waitFor()
    assert.match(await answer(), /Salut/, 'the old release serves until the new one is there')
    await walk.cloud.ok('supply', next, 'COMP-0')
    await page.getByRole('table', { name: 'Connection parameters' }).getByText('second').waitFor()
    await shown('Started')
    // What runs is started anew on the other release.
    await until(async () => /Salut/.test(await answer().catch(() => '')))
  })

  it('shows a build live: the step, the time, the log as it comes; and why it failed, in full', async () => {
    const release = await slowRelease(walk.cloud.root)
    await menu('Software')
    await page.getByRole('button', { name: 'Add by URL' }).click()
    const adding = page.getByRole('dialog', { name: 'Add a release' })
    await adding.getByLabel('URL of the release').fill(release.url)
    await adding.getByRole('button', { name: 'Add', exact: true }).click()
    await adding.waitFor({ state: 'detached' })
    await menu('Servers')
    await page.locator('tr', { hasText: 'COMP-0' }).getByRole('link').first().click()
    await page.getByRole('link', { name: 'Supply', exact: false }).first().click()
    await page.getByText('Slow World', { exact: true }).first().click()
    await page.getByRole('button', { name: 'Proceed' }).click()
    await page.getByText('step 2 of 2').first().waitFor()
    await page
      .getByText(/· 0:\d\d/)
      .first()
      .waitFor()
    await page.locator('[role=log]').getByText('the first part is done').first().waitFor()
    await walk.accessible()
    await release.goOn()
    await page.getByRole('heading', { name: 'Last error' }).waitFor()
    await page
      .locator('.error-text')
      .getByText(/no such compiler/)
      .waitFor()
    await walk.accessible()
  })

  it('explains, stops, starts, and tells its history', async () => {
    await walk.openService('Greeter')
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await shown('Stopped')
    await page.getByRole('button', { name: 'Why?' }).click()
    await page.getByText(/Greeter has been stopped/).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await shown('Started')
    await tab('History')
    await page.getByText(/stop/i).first().waitFor()
    await walk.accessible()
  })

  it('connects a client by one line, and cuts it off', async () => {
    await menu('Settings')
    await tab('Clients')
    await page.getByRole('button', { name: 'Connect a client' }).click()
    const line = await page.locator('.command pre').innerText()
    const [, token = '', words = ''] = /^SLAPOS_TOKEN=(\S+) slapos (.+)$/.exec(line) ?? []
    const cfg = join(walk.cloud.root, 'another-client/slapos-client.cfg')
    await walk.cloud.ok(...words.split(' '), '--token', token, '--cfg', cfg)
    assert.match(await walk.cloud.ok('service', 'list', '--cfg', cfg), /Greeter/)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Connect a client' }).waitFor({ state: 'detached' })
    const table = page.getByRole('table', { name: 'Clients' })
    await until(async () => (await table.getByRole('button', { name: 'Revoke' }).count()) === 2)
    await walk.accessible()
    await table.getByRole('button', { name: 'Revoke' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Revoke the certificate' })
    const word = /Type (\S+) to confirm/.exec(await dialog.innerText())?.[1] ?? ''
    await dialog.getByRole('textbox').fill(word)
    await dialog.getByRole('button', { name: 'Revoke' }).click()
    await table.getByText('revoked').waitFor()
    const both = await Promise.all([['--cfg', cfg], []].map((more) => walk.cloud.slapos('service', 'list', ...more)))
    assert.equal(both.filter(({ code }) => code === 0).length, 1, JSON.stringify(both))
    await walk.openService('Greeter')
  })

  it('destroys after the title was typed', async () => {
    await page.getByRole('button', { name: 'Destroy' }).click()
    const dialog = page.getByRole('dialog', { name: 'Destroy Greeter' })
    assert.equal(await dialog.getByRole('button', { name: 'Destroy' }).isDisabled(), true)
    await dialog.getByLabel('Type Greeter to confirm').fill('Greeter')
    await dialog.getByRole('button', { name: 'Destroy' }).click()
    await page.getByRole('heading', { name: 'Services' }).waitFor()
    await page.getByRole('link', { name: 'Greeter', exact: true }).waitFor({ state: 'detached' })
    await until(async () => Object.keys(await walk.cloud.services()).every((name) => !/greeter/.test(name)))
  })

  it('needed no reload', async () => assert.equal(walk.loads(), 0))
})

/** The same software, one version later: it publishes one thing more. Below the home, from which its Master takes releases. */
async function nextRelease(home: string): Promise<string> {
  const directory = join(home, 'releases/helloworld-next')
  await cp(helloworld, directory, { recursive: true })
  const change = async (file: string, from: string, to: string) => {
    const text = await readFile(join(directory, file), 'utf8')
    assert.ok(text.includes(from), `${file} holds ${from}`)
    await writeFile(join(directory, file), text.replace(from, to))
  }
  await change('release.json', '"version": "1.0.0"', '"version": "1.1.0"')
  await change(
    'instance.ts',
    'instance.controller(server)',
    "instance.controller(server)\n    instance.publish({ edition: 'second' })",
  )
  return directory
}

/** A release whose build waits for a word, and fails then. */
async function slowRelease(home: string): Promise<{ readonly url: string; goOn(): Promise<void> }> {
  const url = join(home, 'releases/slow')
  const [pipe, here] = [join(home, 'releases/go-on'), join(url, 'release.json')]
  await cp(helloworld, url, { recursive: true })
  execFileSync('mkfifo', ['-m', '666', pipe])
  const manifest = JSON.parse(await readFile(here, 'utf8'))
  const fails = `cat ${pipe} && echo 'no such compiler: tinycc' >&2 && exit 7`
  const build = [`echo 'the first part is done'`, fails].map((script) => ({
    type: 'run',
    command: ['sh', '-c', script],
  }))
  await writeFile(here, JSON.stringify({ ...manifest, name: 'slowworld', title: 'Slow World', build }))
  return { url, goOn: () => writeFile(pipe, 'go on') }
}
