import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { logIn, openBrowser } from './browser.ts'
import { createWorld, type World } from './world.ts'

/** Every feature of JSON schemas that releases use, in one form. */
const INPUT = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['name'],
  $defs: { port: { type: 'integer', minimum: 1, maximum: 65535 } },
  properties: {
    name: { title: 'Name', type: 'string', description: 'What it is called', minLength: 2 },
    port: { title: 'Port', $ref: '#/$defs/port', default: 8080 },
    protocol: { title: 'Protocol', enum: ['tcp', 'http'], default: 'tcp' },
    secure: { title: 'Secure', type: 'boolean', description: 'Over TLS' },
    password: { title: 'Password', type: 'string' },
    notes: { title: 'Notes', type: 'string', textarea: true },
    limits: {
      title: 'Limits',
      type: 'object',
      properties: { memory: { title: 'Memory', type: 'number', minimum: 0.5 } },
    },
    hosts: {
      title: 'Hosts',
      type: 'array',
      items: { type: 'object', properties: { host: { title: 'Host', type: 'string' } } },
    },
    backend: {
      title: 'Backend',
      oneOf: [
        {
          title: 'By address',
          type: 'object',
          required: ['url'],
          properties: { url: { title: 'Address', type: 'string', format: 'uri' } },
        },
        {
          title: 'By name',
          type: 'object',
          required: ['service'],
          properties: { service: { title: 'Service', type: 'string' } },
        },
      ],
    },
    labels: { title: 'Labels', type: 'object', additionalProperties: { type: 'string' } },
  },
  if: { properties: { secure: { const: true } }, required: ['secure'] },
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema names it so
  then: { properties: { certificate: { title: 'Certificate', type: 'string' } }, required: ['certificate'] },
}

const DESCRIPTION = {
  name: 'Everything',
  description: 'A release with every kind of parameter.',
  serialisation: 'json-in-xml',
  'software-type': { default: { title: 'Default', request: 'input.json', response: 'input.json', index: 0 } },
}

describe('the form of a release', () => {
  let world: World
  let browser: Browser
  let page: Page
  const files = createServer((request, response) => {
    const found = { '/software.cfg.json': DESCRIPTION, '/input.json': INPUT }[request.url ?? '']
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(found ?? {}))
  })
  /** A field that is required has a star behind its name. */
  const field = (name: string) => page.locator('.schema-form').getByLabel(new RegExp(`^${name}( \\*)?$`))
  const view = (name: string) => page.getByText(name, { exact: true }).click()
  const proceed = () => page.getByRole('button', { name: 'Proceed' })
  const json = async () => {
    await view('JSON')
    const text = await page.getByRole('textbox', { name: 'JSON' }).inputValue()
    await view('Parameter form')
    return JSON.parse(text)
  }

  before(async () => {
    files.listen(0, '127.0.0.1')
    await once(files, 'listening')
    world = await createWorld()
    const url = `http://127.0.0.1:${(files.address() as AddressInfo).port}/software.cfg`
    await world.master.parts.cloud.catalogue.add(world.asPerson, url)
    browser = await openBrowser()
    page = await (await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 1400 } })).newPage()
    page.setDefaultTimeout(60_000)
    await logIn(page, world.url)
    await page.goto(`${world.url}/services/add?release=${encodeURIComponent(url)}`)
    await field('Name').waitFor()
  })
  after(async () => {
    await browser?.close()
    await world?.close()
    files.close()
  })

  it('sends what was filled in, with its type, and no default', async () => {
    await page.locator('input[name=title]').fill('All of it')
    await field('Name').fill('web')
    await field('Memory').fill('1.5')
    await field('Password').fill('tiger')
    assert.equal(await field('Password').getAttribute('type'), 'password')
    await field('Notes').fill('one\ntwo')
    assert.deepEqual(await json(), { name: 'web', limits: { memory: 1.5 }, password: 'tiger', notes: 'one\ntwo' })
  })

  it('says at its field what is wrong, and sends nothing then', async () => {
    await field('Port').fill('70000')
    await page.getByText('must be <= 65535').first().waitFor()
    assert.equal(await proceed().isDisabled(), true)
    await field('Port').fill('81')
    await field('Name').fill('')
    await page.getByText('is required').first().waitFor()
    await field('Name').fill('web')
    await page.getByText('is required').waitFor({ state: 'detached' })
    assert.equal(await proceed().isDisabled(), false)
  })

  it('asks for more when a condition holds', async () => {
    assert.equal(await field('Certificate').count(), 0)
    await page.getByLabel('Secure').check()
    await field('Certificate').fill('PEM')
    assert.equal((await json()).certificate, 'PEM')
    await page.getByLabel('Secure').uncheck()
  })

  it('lists grow, shrink and change places', async () => {
    const add = page.getByRole('button', { name: 'Add', exact: true }).first()
    await add.click()
    await field('Host').first().fill('a.example')
    await add.click()
    await field('Host').nth(1).fill('b.example')
    await page.getByRole('button', { name: 'Move down' }).first().click()
    assert.deepEqual((await json()).hosts, [{ host: 'b.example' }, { host: 'a.example' }])
    await page.getByRole('button', { name: 'Remove' }).first().click()
    assert.deepEqual((await json()).hosts, [{ host: 'a.example' }])
  })

  it('keeps a text that cannot be read yet, and the other views wait for it', async () => {
    await view('JSON')
    const text = page.getByRole('textbox', { name: 'JSON' })
    const before = await text.inputValue()
    await text.fill(before.replace('"web"', '"web'))
    await page.getByText('The other views come back when this text can be read.').waitFor()
    assert.equal(await page.getByRole('radio', { name: 'Parameter form' }).isDisabled(), true)
    assert.equal(await proceed().isDisabled(), true)
    await text.fill(before.replace('"web"', '"shop"').replace('81', '0'))
    await page.getByText('port must be >= 1').first().waitFor()
    await text.fill(before.replace('"web"', '"shop"'))
    await page.getByText('port must be >= 1').first().waitFor({ state: 'detached' })
    await view('Parameter form')
    assert.equal(await field('Name').inputValue(), 'shop')
    await view('Parameter XML')
    const xml = page.getByRole('textbox', { name: 'Parameter XML' })
    await xml.fill((await xml.inputValue()).replace('shop', 'market'))
    await view('Parameter form')
    assert.equal(await field('Name').inputValue(), 'market')
  })

  it('asks for a title, and requests with exactly these values', async () => {
    await page.locator('input[name=title]').fill('')
    await proceed().click()
    await page.getByText('A title is needed').waitFor()
    await page.locator('input[name=title]').fill('All of it')
    await proceed().click()
    await page.getByRole('heading', { name: 'All of it' }).waitFor()
    const [service] = await world.master.parts.cloud.instances.listRoots(world.asPerson)
    const { _ = '' } = service?.parameters ?? {}
    assert.equal(JSON.parse(_).name, 'market')
  })
})
