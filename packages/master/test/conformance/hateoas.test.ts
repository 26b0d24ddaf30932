/** What `slapos service list|info` and `slapos computer list|info|token` of existing clients read. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { parseToken } from '@slapos/slap'
import { type ConformanceMaster, type Peer, startMaster } from './master.ts'

const RELEASE = 'https://example.org/demo/1.0.0/'

let master: ConformanceMaster
let person: Peer
let computer: string
let url: string

before(async () => {
  master = await startMaster()
  computer = (await master.cloud.nodes.create(master.owner, { title: 'my node' })).computer
  person = master.client(await master.pairOf('person', master.person))
  url = await person.hateoasUrl()
  for (const title of ['demo', 'other']) {
    await person
      .request({
        title,
        releaseUrl: RELEASE,
        softwareType: 'default',
        parameters: { a: '<b>' },
        filter: {},
        state: 'started',
        shared: false,
      })
      .catch(() => {}) // it waits for a node: it is listed all the same
  }
})
after(() => master.close())

const get = async (path: string) => {
  const answer = await person.raw({ method: 'GET', path })
  assert.equal(answer.status, 200, answer.body)
  return JSON.parse(answer.body)
}
const search = async (query: string, select: string) =>
  (await get(`${url}?mode=search&query=${encodeURIComponent(query)}&${select}&limit=40`))._embedded.contents
const traverse = (relativeUrl: string) =>
  get(`${url}?mode=traverse&relative_url=${encodeURIComponent(relativeUrl)}&view=slaposjs_view`)

describe('the hypertext API', () => {
  it('gives the templates and the caller', async () => {
    const { _links } = await get(url)
    assert.match(_links.raw_search.href, /mode=search\{&query,select_list\*/)
    assert.match(_links.traverse.href, /mode=traverse\{&relative_url,view\}/)
    assert.equal(_links.me.href, `urn:jio:get:person_module/${master.person}`)
  })

  it('lists services', async () => {
    const rows = await search(
      'portal_type:"Instance Tree" AND validation_state:validated',
      'select_list=title&select_list=url_string',
    )
    assert.deepEqual(rows.map(({ title, url_string }: Record<string, string>) => [title, url_string]).sort(), [
      ['demo', RELEASE],
      ['other', RELEASE],
    ])
  })

  it('shows one service', async () => {
    const query = 'portal_type:"Instance Tree" AND validation_state:validated AND title:="demo"'
    const [row, more] = await search(query, 'select_list=title,relative_url')
    assert.equal(more, undefined)
    const view = await traverse(row.relative_url)
    assert.equal(view._links.type.name, 'Instance Tree')
    const fields = view._embedded._view
    assert.deepEqual([fields.my_url_string.default, fields.my_slap_state.default], [RELEASE, 'started'])
    assert.equal(fields.my_root_slave.default, 0)
    assert.match(fields.my_text_content.default, /<parameter id="a">&lt;b&gt;<\/parameter>/)
    assert.deepEqual(fields.my_connection_parameter_list.default, [])
    assert.match(fields.my_news.default.instance[0].text, /^#/)
  })

  it('lists and shows nodes', async () => {
    const query = 'portal_type:"Compute Node" AND validation_state:validated'
    const rows = await search(query, 'select_list=title&select_list=reference')
    assert.deepEqual(
      rows.map(({ title, reference }: Record<string, string>) => [reference, title]),
      [[computer, 'my node']],
    )
    const [row] = await search(
      `${query} AND reference:="${computer}"`,
      'select_list=reference&select_list=relative_url',
    )
    const fields = (await traverse(row.relative_url))._embedded._view
    assert.deepEqual([fields.my_reference.default, fields.my_title.default], [computer, 'my node'])
  })

  it('makes a token below the self link', async () => {
    const { access_token } = await get(`${url}/computer_module/Base_getComputerToken`)
    assert.ok(parseToken(access_token))
  })

  it('refuses what it does not know, and strangers', async () => {
    const status = async (path: string, who: Peer = person) => (await who.raw({ method: 'GET', path })).status
    assert.equal(await status(`${url}?mode=search&query=${encodeURIComponent('a OR b')}`), 400)
    assert.equal(await status(`${url}?mode=traverse&relative_url=person_module/1`), 404)
    assert.equal(await status(url, master.client()), 401)
  })
})
