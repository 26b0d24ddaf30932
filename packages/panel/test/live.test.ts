import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { Browser, BrowserContext, Page, Request } from 'playwright-core'
import { logIn, openBrowser } from './browser.ts'
import { pagesOf } from './pages.ts'
import { SEED_AGE, seed } from './seed.ts'
import { createWorld, HELLO, type World } from './world.ts'

const MANY = 320

/** What a browser asks of the Master, and when: by events only, once for all tabs, and no more than what changed. */
describe('the live screen', () => {
  let world: World
  let browser: Browser
  let context: BrowserContext
  let computer: string
  /** Addresses below `/api/v1/`, of all tabs. */
  let asked: string[] = []
  /** On their way. */
  const pending = new Set<Request>()
  const ends = new EventEmitter()
  const services = new Map<string, string>()

  before(async () => {
    world = await createWorld(SEED_AGE)
    ;({ computer } = await seed(world))
    await Promise.all(
      Array.from({ length: MANY }, async (_, n) => {
        const title = `crowd ${String(n).padStart(4, '0')}`
        const answer = await world.master.parts.cloud.instances.request(world.asPerson, {
          ...{ title, releaseUrl: HELLO, softwareType: 'default', shared: false, parameters: {} },
          ...{ filter: { computer_guid: 'COMP-404' }, state: 'started', project: world.project },
        })
        if (answer.kind === 'waiting') services.set(title, answer.instanceGuid)
      }),
    )
    browser = await openBrowser()
  })
  beforeEach(async () => {
    await context?.close()
    context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 860 } })
    context.setDefaultTimeout(60_000)
    context.on('request', (request) => {
      const { pathname, search } = new URL(request.url())
      if (!pathname.startsWith('/api/v1/')) return
      asked.push(decodeURIComponent(pathname.slice(8) + search))
      if (pathname !== '/api/v1/events') pending.add(request)
    })
    for (const end of ['requestfinished', 'requestfailed'] as const) {
      context.on(end, (request) => {
        if (pending.delete(request)) ends.emit('one')
      })
    }
  })
  after(async () => {
    await browser?.close()
    await world?.close()
  })

  const open = async (path: string): Promise<Page> => {
    const page = await context.newPage()
    await page.goto(`${world.url}${path}`)
    return page
  }
  const first = async (): Promise<Page> => {
    const page = await context.newPage()
    await logIn(page, world.url)
    return page
  }
  const streams = () => world.master.parts.events.streams.people
  /** Nothing is shown as loading, and no answer is awaited. */
  const loaded = async (page: Page): Promise<void> => {
    await page.locator('[role=status][aria-label=Loading]').first().waitFor({ state: 'detached' })
    while ([...pending].some((request) => request.frame().page() === page)) await once(ends, 'one')
  }
  /** Resolves when the tab heard of something that it does not show. */
  const heartbeat = async (page: Page): Promise<void> => {
    await page.evaluate(() => {
      const channel = new BroadcastChannel('slapos-events')
      const heard = new Promise<void>((resolve) => {
        channel.onmessage = ({ data }) => data.hint?.kind === 'usage' && resolve()
      })
      Object.assign(globalThis, { heard: heard.finally(() => channel.close()) })
    })
    const usage = [{ partition: '', at: world.now(), cpu: 1, memoryBytes: 1, processes: 1 }]
    world.master.parts.telemetry.receive(computer, { ...EMPTY, now: world.now(), usage })
    await page.evaluate('heard')
  }

  it('asks nothing while nothing changes, on any page, for two minutes', async () => {
    const page = await first()
    const listening = await context.newPage()
    await listening.clock.install()
    await listening.goto(`${world.url}/`)
    const seeded = { computer, service: '', broken: '', helloId: '' }
    const paths = pagesOf(seeded).flatMap(({ path }) =>
      /\/(services|servers)\/$|software\/$/.test(path) ? [] : [path],
    )
    const shown = [...new Set(paths)].filter((path) => !/tab=usage/.test(path) && !/\/services\/\?/.test(path))
    assert.ok(shown.length > 15)
    for (const path of shown) {
      await listening.goto(`${world.url}${path}`)
      await listening.getByRole('main').waitFor()
      await loaded(listening)
      asked = []
      // Every timer of two minutes fires; the stream stays alive as it would, by what comes on it.
      for (let quarter = 0; quarter < 4; quarter++) {
        await listening.clock.runFor(30_000)
        await heartbeat(listening)
      }
      // Whoever reads a log says so each half minute, so that the node goes on sending its lines as they come.
      const unasked = asked.filter((path) => !/^servers\/COMP-\d+\/logs\?/.test(path))
      assert.deepEqual(unasked, [], path)
      assert.ok(asked.length - unasked.length <= 4, path)
    }
    await page.close()
  })

  it('has one stream for all tabs; when the tab that reads it closes, another goes on', async () => {
    const leader = await first()
    const others = [await open('/services'), await open(`/servers/${computer}`)]
    for (const page of others) await page.getByRole('navigation').first().waitFor()
    for (const page of others) await loaded(page)
    assert.equal(asked.filter((path) => path === 'events').length >= 1, true)
    assert.equal(streams(), 1)
    await leader.close()
    const [list] = others
    assert.ok(list)
    const reference = services.get('crowd 0319') ?? assert.fail()
    await world.master.parts.cloud.instances.rename(world.asPerson, { guid: reference }, 'crowd renamed')
    await list.getByRole('link', { name: 'crowd renamed' }).waitFor()
    assert.equal(streams(), 1)
  })

  it('a change of one service among many is one request for that one, and the list stays as it was scrolled', async () => {
    await first().then((page) => page.close())
    const page = await open('/services?sort=title')
    await page.getByRole('link', { name: 'crowd 0001' }).waitFor()
    for (let more = 0; more < 3; more++) {
      const rows = await page.getByRole('row').count()
      await page.getByRole('button', { name: 'Show more' }).click()
      await page.getByRole('row').nth(rows).waitFor()
    }
    await loaded(page)
    const rows = await page.getByRole('row').count()
    assert.ok(rows > 200)
    const { cloud } = world.master.parts
    const reference = services.get('crowd 0100') ?? assert.fail()
    asked = []
    await cloud.instances.rename(world.asPerson, { guid: reference }, 'crowd 0100 b')
    await page.getByRole('link', { name: 'crowd 0100 b' }).waitFor()
    assert.deepEqual(asked, [`services?sort=title&references=${reference}&limit=200`])
    assert.equal(await page.getByRole('row').count(), rows)
    const titles = await page.getByRole('row').getByRole('link').allInnerTexts()
    const at = titles.indexOf('crowd 0100 b')
    assert.deepEqual([titles[at - 1], titles[at + 1]], ['crowd 0099', 'crowd 0101'], 'in its place')
    // One more, and one less.
    asked = []
    await cloud.instances.request(world.asPerson, {
      ...{ title: 'crowd 0100 a', releaseUrl: HELLO, softwareType: 'default', shared: false, parameters: {} },
      ...{ filter: { computer_guid: 'COMP-404' }, state: 'started', project: world.project },
    })
    await page.getByRole('link', { name: 'crowd 0100 a' }).waitFor()
    assert.equal(await page.getByRole('row').count(), rows + 1)
    await cloud.instances.request(world.asPerson, {
      ...{ title: 'crowd 0100 a', releaseUrl: HELLO, softwareType: 'default', shared: false, parameters: {} },
      ...{ filter: { computer_guid: 'COMP-404' }, state: 'destroyed', project: world.project },
    })
    await page.getByRole('link', { name: 'crowd 0100 a' }).waitFor({ state: 'detached' })
    for (const path of asked) assert.match(path, /^services\?sort=title&references=SOFTINST-\d+&limit=200$/)
    // Another service, of which nothing is shown.
    const service = await open(`/services/${services.get('crowd 0001')}`)
    await service.getByRole('heading', { name: 'crowd 0001' }).waitFor()
    await page.close()
    await loaded(service)
    asked = []
    await cloud.instances.rename(world.asPerson, { guid: reference }, 'crowd 0100')
    await cloud.instances.rename(world.asPerson, { guid: services.get('crowd 0001') ?? '' }, 'crowd 0001 b')
    await service.getByRole('heading', { name: 'crowd 0001 b' }).waitFor()
    const own = `services/${services.get('crowd 0001')}`
    assert.deepEqual(
      [...new Set(asked)].filter((path) => path.startsWith('services')),
      [own],
    )
  })

  it('a session that is ended elsewhere leaves nothing on the screen, in any tab', async () => {
    const page = await first()
    const other = await open('/services?q=Greeter')
    await other.getByRole('link', { name: 'Greeter' }).waitFor()
    await world.master.parts.identity.sessions.revokeAll(world.person)
    for (const tab of [page, other]) await tab.getByLabel('User name').waitFor()
    assert.equal(await other.getByText('Greeter').count(), 0)
    assert.equal(new URL(other.url()).searchParams.get('to'), '/services?q=Greeter')
    await logIn(other, world.url)
  })
})

const EMPTY = {
  ...{ format: 1 as const, now: 0, agentVersion: '0.1.0', full: false, processes: [], removedProcesses: [] },
  ...{ promises: [], removedPromises: [], builds: [], partitions: [], logs: [], usage: [] },
}
