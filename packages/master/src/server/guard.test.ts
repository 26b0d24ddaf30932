import assert from 'node:assert/strict'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { openPanelWorld, type PanelWorld } from '../api/panel/testing/world.ts'

/** The web side as browsers, and those who misuse them, meet it. */
describe('the web side towards browsers', () => {
  let world: PanelWorld

  before(async () => {
    world = await openPanelWorld({ publicUrls: { web: 'http://cloud.example.org:8080/' } })
  })
  after(async () => {
    await world?.[Symbol.asyncDispose]()
  })

  /** `fetch` chooses the Host itself. */
  async function get(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET', body?: string) {
    // As it is: a URL would make the path simpler.
    const sent = request({ host: '127.0.0.1', port: world.port, path, method, headers, agent: false })
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve).once('error', reject).end(body)
    })
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) }
  }

  it('a name that somebody else made mean our address is not answered; ours, addresses and localhost are', async () => {
    for (const host of [
      '127.0.0.1:1',
      '[::1]:1',
      'localhost',
      'panel.localhost:80',
      'cloud.example.org',
      'CLOUD.example.org.:8',
    ]) {
      assert.equal((await get('/healthz', { host })).status, 200, host)
    }
    for (const host of [
      'evil.example',
      'cloud.example.org.evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
    ]) {
      for (const path of ['/', '/healthz', '/metrics', '/api/v1/openapi.json', '/slapos']) {
        const answer = await get(path, { host })
        assert.deepEqual([answer.status, JSON.parse(answer.body).code], [421, 'HOST_UNKNOWN'], `${host} ${path}`)
      }
    }
  })

  it('links that are handed out name the configured address, whatever the request says', async () => {
    const ada = await world.person('ada')
    const project = await world.project(ada, 'Shop')
    const { body } = await ada.call(
      'POST',
      `projects/${project}/invitations`,
      { role: 'member', email: '' },
      {
        'x-forwarded-host': 'evil.example',
      },
    )
    assert.match(body.link, /^http:\/\/cloud\.example\.org:8080\/invitation#/)
  })

  it('every answer tells browsers to guess nothing, frame nothing, and run nothing that is no page of ours', async () => {
    for (const path of [
      '/',
      '/services/x',
      '/api/v1/openapi.json',
      '/api/v1/servers',
      '/nothing',
      '/healthz',
      '/icon.svg',
    ]) {
      const { headers } = await get(path, { accept: 'text/html' })
      assert.equal(headers['x-content-type-options'], 'nosniff', path)
      assert.equal(headers['x-frame-options'], 'DENY', path)
      assert.equal(headers['referrer-policy'], 'same-origin', path)
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin', path)
      assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/, path)
    }
    const policy = String((await get('/', { accept: 'text/html' })).headers['content-security-policy'])
    const directives = new Map(policy.split('; ').map((part) => [part.split(' ')[0], part]))
    assert.equal(directives.get('script-src'), "script-src 'self'")
    assert.equal(directives.get('object-src'), "object-src 'none'")
    assert.equal(directives.get('base-uri'), "base-uri 'none'")
    assert.doesNotMatch(policy, /unsafe-eval|script-src[^;]*unsafe/)
  })

  it('metrics are for this machine, not for whoever comes through a proxy on it', async () => {
    assert.equal((await get('/metrics')).status, 200)
    for (const header of ['x-forwarded-for', 'forwarded', 'via']) {
      assert.equal((await get('/metrics', { [header]: 'for=192.0.2.1' })).status, 401, header)
    }
  })

  it('the former dashboard leads to the panel, deep pages too, and nowhere else', async () => {
    const former = '/erp5/web_site_module/hostingjs'
    const accept = 'text/html,*/*'
    for (const path of [former, `${former}/`, `${former}/a/b?c=d`]) {
      const answer = await get(path, { accept })
      assert.deepEqual([answer.status, answer.headers.location], [302, '/'], path)
    }
    for (const path of [`${former}//evil.example/`, `${former}/../../..//evil.example`, `${former}/..%2f..%2f`]) {
      const { location = '/' } = (await get(path, { accept })).headers
      assert.equal(location, '/', path)
    }
    assert.equal((await get('//evil.example/', { accept: 'text/html' })).headers.location, undefined)
  })

  it('a body that is too large, or of another kind, is refused before it is read to its end', async () => {
    const big = JSON.stringify({ user: 'x', password: 'y'.repeat(1_100_000) })
    const json = { 'content-type': 'application/json', 'content-length': String(big.length) }
    assert.equal((await get('/api/v1/session', json, 'POST', big)).status, 413)
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await get('/api/v1/session', { 'content-type': type }, 'POST', '{"user":"ada","password":"x"}')
      assert.ok([400, 415].includes(answer.status), `${type}: ${answer.status}`)
    }
    const proto = '{"user":"ada","password":"x","__proto__":{"operator":true}}'
    const type = { 'content-type': 'application/json' }
    assert.equal((await get('/api/v1/session', type, 'POST', proto)).status, 400)
  })
})
