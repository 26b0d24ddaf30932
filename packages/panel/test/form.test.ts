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
  'software-type': {
    default: { title: 'Default', request: 'input.json', response: 'input.json', index: 0 },
    token: {
      ...{ title: 'Token', 'software-type': 'default', shared: true, serialisation: 'xml', index: 1 },
      ...{ request: 'token.json', response: 'input.json' },
    },
  },
}

const TOKEN = {
  type: 'object',
  properties: {
    name: { title: 'Name', type: 'string' },
    port: { title: 'Port', type: 'integer' },
    cache: { title: 'Cache', type: 'boolean' },
  },
}

describe('the form of a release', () => {
  let world: World
  let browser: Browser
  let page: Page
  const files = createServer((request, response) => {
    const found = { '/software.cfg.json': DESCRIPTION, '/input.json': INPUT, '/token.json': TOKEN }[request.url ?? '']
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
    await page.getByText('must be at most 65535').first().waitFor()
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
    await field('Secure').selectOption({ label: 'Yes' })
    await field('Certificate').fill('PEM')
    assert.equal((await json()).certificate, 'PEM')
    await field('Secure').selectOption({ label: '–' })
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
    await page.getByText('Port: must be at least 1').first().waitFor()
    await text.fill(before.replace('"web"', '"shop"'))
    await page.getByText('Port: must be at least 1').first().waitFor({ state: 'detached' })
    await view('Parameter form')
    assert.equal(await field('Name').inputValue(), 'shop')
    await view('Parameter XML')
    const xml = page.getByRole('textbox', { name: 'Parameter XML' })
    await xml.fill((await xml.inputValue()).replace('shop', 'market'))
    await view('Parameter form')
    assert.equal(await field('Name').inputValue(), 'market')
  })

  it('another type keeps the values, as texts where it wants XML; what cannot be read is said, not lost', async () => {
    await view('JSON')
    const text = page.getByRole('textbox', { name: 'JSON' })
    const before = await text.inputValue()
    await view('Parameter form')
    await page.getByLabel('Software type').selectOption({ label: 'Token (slave)' })
    assert.equal(await field('Port').inputValue(), '81')
    await page.getByText('limits: "{\\"memory\\":1.5}"').waitFor()
    await view('Parameter XML')
    const xml = page.getByRole('textbox', { name: 'Parameter XML' })
    assert.match(await xml.inputValue(), /<parameter id="name">market<\/parameter>/)
    const good = await xml.inputValue()
    await xml.fill('<instance><parameter id="_">{"a": 1}</parameter></instance>')
    await view('Parameter form')
    await page.getByText('The current parameters should not contain the parameter _ (xml).').first().waitFor()
    assert.equal(await proceed().isDisabled(), true)
    await view('Parameter XML')
    await xml.fill(
      good.replace('>81<', '>0081<').replace('</instance>', '<parameter id="cache">True</parameter></instance>'),
    )
    await view('Parameter form')
    await field('Name').fill('bazaar')
    await view('Parameter XML')
    assert.match(await xml.inputValue(), />0081<[\s\S]*>True</, 'what was not changed stays as it was written')
    await view('Parameter form')
    await page.getByLabel('Software type').selectOption({ label: 'Default' })
    assert.equal(await field('Name').inputValue(), 'bazaar')
    await view('JSON')
    await text.fill(before)
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
