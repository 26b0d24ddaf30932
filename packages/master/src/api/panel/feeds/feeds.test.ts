import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { SubjectItem } from '../../../queries/index.ts'
import { newService, openPanelWorld, type PanelWorld, RELEASE, type Visit } from '../testing/world.ts'
import { rss } from './render.ts'
import { type Element, parseXml } from './testing/xml.ts'

const RFC_822 =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/

describe('feeds for readers of news', () => {
  let world: PanelWorld
  let ada: Visit
  let eve: Visit
  let project: string
  let computer: string

  before(async () => {
    world = await openPanelWorld()
    ada = await world.person('ada')
    eve = await world.person('eve')
    project = await world.project(ada, 'Café & <Söhne> 店')
    await world.project(eve, 'Of Eve')
    computer = await world.node(ada, project, 'paris')
    await ada.call('POST', 'services', newService('shop', project))
  })
  after(async () => {
    await world?.[Symbol.asyncDispose]()
  })

  const made = async (title: string): Promise<{ id: string; opml: string }> =>
    (await ada.call('POST', 'feeds', { title })).body
  const read = async (url: string, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await fetch(url, { headers })
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
  const rssOf = async (opml: string): Promise<string> => {
    const { text } = await read(opml)
    const outlines = parseXml(text).all('outline')
    assert.equal(outlines.length, 1)
    return outlines[0]?.attributes['xmlUrl'] ?? assert.fail(text)
  }

  it('OPML lists one feed a project; the feed says what is in which state since when', async () => {
    const { opml } = await made('my reader')
    const list = await read(opml)
    assert.match(list.headers.get('content-type') ?? '', /^text\/x-opml; charset=utf-8$/i)
    const [outline] = parseXml(list.text).all('outline')
    assert.equal(outline?.attributes['type'], 'rss')
    assert.equal(outline?.attributes['text'], 'SlapOS: Café & <Söhne> 店')
    assert.match(parseXml(list.text).text('dateCreated'), RFC_822)
    const feed = await read(await rssOf(opml))
    assert.match(feed.headers.get('content-type') ?? '', /^application\/rss\+xml; charset=utf-8$/i)
    const channel = parseXml(feed.text)
    assert.match(channel.text('lastBuildDate'), RFC_822)
    const titles = channel.all('item').map((item: Element) => item.text('title'))
    assert.deepEqual(titles, ['[ERROR] shop'], 'a server that nobody saw yet is off, which is no news')
  })

  it('an item is another one when its colour is, and stays the same while nothing turns', async () => {
    const { opml } = await made('watching')
    const address = await rssOf(opml)
    const { cloud } = world.master.parts
    const node = { kind: 'computer', computer } as const
    cloud.nodes.contacted(computer, '192.0.2.1')
    await cloud.software.report(node, computer, RELEASE, 'available')
    const item = async () => {
      const found = parseXml((await read(address)).text).all('item')
      return found.find((each) => each.text('title').endsWith(' on paris')) ?? assert.fail('no item of the release')
    }
    const green = await item()
    assert.deepEqual([green.text('title'), green.text('category')], ['[OK] 1.0.0 on paris', 'OK'])
    assert.match(green.text('pubDate'), RFC_822)
    assert.match(green.text('link'), /\/servers\/COMP-\d+\/software\/[0-9a-f]{32}$/)
    assert.equal((await item()).text('guid'), green.text('guid'))
    await cloud.software.error(node, computer, RELEASE, 'disk & <all> full\u0000')
    const red = await item()
    assert.equal(red.text('category'), 'ERROR')
    assert.notEqual(red.text('guid'), green.text('guid'))
    const { headers } = await read(address)
    const etag = headers.get('etag') ?? ''
    assert.equal((await read(address, { 'if-none-match': etag })).status, 304)
  })

  it('shows what its person sees now, and nothing once it is revoked or he is gone', async () => {
    const { id, opml } = await made('to be revoked')
    const address = await rssOf(opml)
    const secret = new URL(opml).pathname.split('/')[2] ?? ''
    const listed = (await ada.call('GET', 'feeds')).text
    assert.equal(listed.includes(secret), false, 'it is shown once')
    const { project: other } = (await eve.call('GET', 'session')).body.memberships[0]
    assert.equal((await read(address.replace(project, other))).status, 404)
    assert.equal((await read(address.replace(secret, `feed_${'0'.repeat(64)}`))).status, 404)
    assert.equal((await world.call('GET', 'services', undefined, { authorization: `Bearer ${secret}` })).status, 401)
    assert.equal((await eve.call('DELETE', `feeds/${id}`)).status, 200)
    assert.equal((await read(address)).status, 200, 'nobody revokes that of somebody else')
    assert.equal((await ada.call('DELETE', `feeds/${id}`)).status, 200)
    assert.deepEqual([(await read(address)).status, (await read(opml)).status], [404, 404])
    const left = await (await eve.call('POST', 'feeds', { title: 'x' })).body
    await world.master.parts.cloud.people.disable({ kind: 'system' }, eve.person)
    assert.equal((await read(left.opml)).status, 404)
  })
})

it('whatever stands in a reason, the feed is well-formed, and a release names the server that it is on', () => {
  const item: SubjectItem = {
    ...{ kind: 'installation', reference: 'abc', parent: 'COMP-1', parentTitle: 'pa"ris' },
    title: 'app \uD800 <1>',
    status: { color: 'red', word: 'Error', reason: ']]> & \u0007\u000B half \uDC00', since: 1_795_342_464_600 },
  }
  const channel = { title: 'x', link: 'https://p/', self: 'https://p/f?a&b', now: 0 }
  const parsed = parseXml(rss(channel, [item], 'https://p'))
  const [shown] = parsed.all('item')
  assert.equal(shown?.text('title'), '[ERROR] app \uFFFD <1> on pa"ris')
  assert.equal(shown?.text('description'), 'Error: ]]> &  half \uFFFD')
  assert.equal(shown?.text('pubDate'), 'Sun, 22 Nov 2026 10:14:24 GMT')
  assert.equal(shown?.text('link'), 'https://p/servers/COMP-1/software/abc')
})
