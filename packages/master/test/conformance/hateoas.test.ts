/** What `slapos service list|info` and `slapos computer list|info|token` of existing clients read. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { parseToken } from '@slapos/slap'
import { placed, RELEASE, wanted } from './asking.ts'
import { type ConformanceMaster, type Peer, startMaster } from './master.ts'

let master: ConformanceMaster
let person: Peer
let node: Peer
let computer: string
let url: string

before(async () => {
  master = await startMaster()
  computer = (await master.cloud.nodes.create(master.owner, { title: 'my node' })).computer
  person = master.client(await master.pairOf('person', master.person))
  url = await person.hateoasUrl()
  node = master.client(await master.pairOf('computer', computer))
  await node.format(master.format(computer, 2))
  await node.computer(computer)
  await person.supply(computer, RELEASE, 'available')
  await node.reportRelease(computer, RELEASE, 'available')
  const { partitionId } = await placed(person, wanted('placed', PARAMETERS))
  const requester = { computerId: computer, partitionId }
  await placed(await instanceOf('placed'), wanted('its child', { ...PARAMETERS, requester }))
  await node.publish(requester, { url: 'http://x/' })
  await node.reportInstance(requester, 'started')
  // These wait for a partition: they are listed all the same.
  for (const title of ['demo', 'other']) await person.request(wanted(title, PARAMETERS)).catch(() => {})
})
after(() => master.close())

const PARAMETERS = { parameters: { a: '<b>' } }

/** A client with the certificate of the instance of that title. */
async function instanceOf(title: string): Promise<Peer> {
  const { partitionId } = await placed(person, wanted(title, PARAMETERS))
  return master.client(await node.partitionCertificate({ computerId: computer, partitionId }))
}

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
      ['placed', RELEASE],
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

  it('leads each caller to the object that it is', async () => {
    const shown = async (who: Peer) => {
      const { _links } = JSON.parse((await who.raw({ method: 'GET', path: url })).body)
      const relativeUrl = _links.me.href.replace('urn:jio:get:', '')
      const path = `${url}?mode=traverse&relative_url=${encodeURIComponent(relativeUrl)}&view=slaposjs_view`
      const view = JSON.parse((await who.raw({ method: 'GET', path })).body)
      return [view._links.type.name, view._embedded._view.my_title.default]
    }
    assert.deepEqual(await shown(person), ['Person', 'First'])
    assert.deepEqual(await shown(node), ['Compute Node', 'my node'])
    assert.deepEqual(await shown(await instanceOf('placed')), ['Software Instance', 'placed'])
  })

  it('lists the instances of a service with what they told', async () => {
    const query =
      'portal_type:("Software Instance", "Slave Instance") AND validation_state:validated AND ' +
      'default_specialise_title:="placed"'
    const columns = ['uid', 'title', 'relative_url', 'portal_type', 'url_string', 'text_content']
    const more = ['getConnectionXmlAsDict', 'SoftwareInstance_getNewsDict']
    const rows = await search(query, [...columns, ...more].map((name) => `select_list=${name}`).join('&'))
    const titles = rows.map(({ title, portal_type }: Record<string, string>) => [title, portal_type])
    assert.deepEqual(titles, [
      ['placed', 'Software Instance'],
      ['its child', 'Software Instance'],
    ])
    const [root] = rows
    assert.deepEqual(root.getConnectionXmlAsDict, { url: 'http://x/' })
    assert.equal(root.SoftwareInstance_getNewsDict.text, '#access Instance correctly started')
    assert.equal((await traverse(root.relative_url))._links.type.name, 'Software Instance')
  })

  it('lists the releases of a node with what it told of them', async () => {
    const query = 'portal_type:"Software Installation" AND validation_state:validated AND default_aggregate_reference:='
    const names = ['uid', 'relative_url', 'url_string', 'SoftwareInstallation_getNewsDict']
    const select = names.map((name) => `select_list=${name}`).join('&')
    const [row, more] = await search(`${query}"${computer}"`, select)
    assert.equal(more, undefined)
    assert.equal(row.url_string, RELEASE)
    assert.equal(row.SoftwareInstallation_getNewsDict.text, `#access software release ${RELEASE} available`)
    assert.equal((await traverse(row.relative_url))._links.type.name, 'Software Installation')
    assert.deepEqual(await search(`${query}"COMP-99"`, select), [])
  })

  it('shows what a node and its partitions told', async () => {
    const { my_news } = (await traverse(`compute_node_module/${computer}`))._embedded._view
    assert.match(my_news.default.computer.text, /^#access/)
    assert.equal(my_news.default.partition.slappart0.text, '#access Instance correctly started')
  })

  it('understands the type names of old clients', async () => {
    const titles = async (type: string) =>
      (await search(`portal_type:"${type}" AND validation_state:validated`, 'select_list=title')).map(Object.values)
    assert.deepEqual(await titles('Hosting Subscription'), await titles('Instance Tree'))
    assert.deepEqual(await titles('Computer'), await titles('Compute Node'))
  })

  it('makes a token below the self link', async () => {
    const { access_token } = await get(`${url}/computer_module/Base_getComputerToken`)
    assert.ok(parseToken(access_token))
  })

  it('refuses what it does not know, and strangers', async () => {
    const status = async (path: string, who: Peer = person) => (await who.raw({ method: 'GET', path })).status
    assert.equal(await status(`${url}?mode=search&query=${encodeURIComponent('a OR b')}`), 400)
    assert.equal(await status(`${url}?mode=traverse&relative_url=person_module/PERS-9`), 404)
    assert.equal(await status(url, master.client()), 401)
  })
})
