import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { logIn, openBrowser } from './browser.ts'
import { addNode, createWorld, type World } from './world.ts'

describe('a server is shared by mouse', () => {
  let world: World
  let browser: Browser
  let ada: Page
  let bob: Page
  let ofBob: string

  before(async () => {
    world = await createWorld()
    browser = await openBrowser()
    const { cloud, identity } = world.master.parts
    const person = await cloud.people.create({ kind: 'system' }, { name: 'Bob', email: '' })
    ofBob = await cloud.projects.create({ kind: 'system' }, { title: 'Project of Bob', owner: person })
    await identity.credentials.set(person, 'bob', 'the password of bob')
    await addNode(world, 'paris')
    const open = async () => (await browser.newContext({ locale: 'en-GB' })).newPage()
    ;[ada, bob] = [await open(), await open()]
    await logIn(ada, world.url)
    await bob.goto(`${world.url}/login`)
    await bob.getByLabel('User name').fill('bob')
    await bob.getByLabel('Password', { exact: true }).fill('the password of bob')
    await bob.getByRole('button', { name: 'Log in' }).click()
    await bob.getByRole('heading', { name: 'First steps' }).waitFor()
  })
  after(async () => {
    await browser?.close()
    await world?.close()
  })

  it('with a named project, whose people then have it in their list and in the choice of servers', async () => {
    await bob.goto(`${world.url}/servers`)
    await bob.getByText('No server yet').waitFor()
    await ada.goto(`${world.url}/servers`)
    await ada.getByRole('link', { name: 'paris' }).click()
    await ada.getByLabel('Who may use it').selectOption({ label: 'Named projects, too' })
    await ada.getByLabel('Projects').fill(ofBob)
    await ada.getByRole('button', { name: 'Save' }).click()
    await ada.getByText('Saved').waitFor()
    // Without a reload.
    await bob.getByText('shared by Main').waitFor()
    assert.equal(await bob.getByRole('link', { name: 'paris' }).count(), 0)
    await bob.goto(`${world.url}/services/add`)
    await bob.getByText('Hello World', { exact: true }).first().click()
    await bob.getByRole('option', { name: /paris .* shared by Main/ }).waitFor({ state: 'attached' })
  })

  it('and is theirs to use no more when it is taken back', async () => {
    await bob.goto(`${world.url}/servers`)
    await bob.getByText('shared by Main').waitFor()
    await ada.getByLabel('Who may use it').selectOption({ label: 'Its project' })
    await bob.getByText('No server yet').waitFor()
  })
})
