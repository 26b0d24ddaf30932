import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { silentLogger } from '@slapos/base'
import { formatted } from '../../domain/testing/world.ts'
import { type Master, startMaster } from '../../server/index.ts'

const system = { kind: 'system' } as const
const RELEASE = 'https://example.com/app/1.0.0/software.cfg'

interface Answer {
  readonly status: number
  readonly cookie: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every route
  readonly body: any
}

describe('panel API over HTTP', () => {
  let directory: string
  let master: Master
  let ada: Awaited<ReturnType<typeof person>>
  let eve: Awaited<ReturnType<typeof person>>
  let computer: string

  /** A person with a project of his own, logged in. */
  async function person(name: string) {
    const { cloud, identity } = master.parts
    const reference = await cloud.people.create(system, { name, email: `${name}@example.com` })
    const project = await cloud.projects.create(system, { title: name, owner: reference })
    await identity.credentials.set(reference, name, `${name} has a password`)
    const session = await call('POST', 'session', { user: name, password: `${name} has a password` })
    assert.equal(session.status, 200)
    const headers = { cookie: session.cookie, 'x-csrf-token': session.body.csrf }
    return {
      reference,
      project,
      headers,
      caller: { kind: 'person', person: reference, via: 'session' } as const,
      call: (method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
        call(method, path, body, { ...headers, ...more }),
    }
  }

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await fetch(`${master.webUrl}api/v1/${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
    })
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    return { status: answer.status, cookie, body: await answer.json() }
  }

  const service = (title: string) => ({
    title,
    releaseUrl: RELEASE,
    softwareType: 'default',
    shared: false,
    parameters: {},
    filter: {},
  })

  const listen = { host: '127.0.0.1', port: 0 }
  const start = () =>
    startMaster({ dataDirectory: directory, api: listen, web: { ...listen, tls: false }, logger: silentLogger })
  const restart = async () => {
    await master.close()
    master = await start()
  }

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slapos-panel-api-'))
    master = await start()
    ada = await person('ada')
    eve = await person('eve')
    const { cloud } = master.parts
    computer = (await cloud.nodes.create(ada.caller, { title: 'paris', project: ada.project })).computer
    await cloud.nodes.format({ kind: 'computer', computer }, formatted(computer, 5))
    await cloud.software.supply(ada.caller, computer, RELEASE, 'available')
  })
  after(async () => {
    await master?.close()
    await rm(directory, { recursive: true, force: true })
  })

  it('refuses strangers, and changes without the text of the session', async () => {
    assert.equal((await call('GET', 'servers')).status, 401)
    const { cookie } = ada.headers
    assert.equal((await call('GET', 'servers', undefined, { cookie })).status, 200)
    const refused = await call('POST', 'services', service('x'), { cookie })
    assert.deepEqual([refused.status, refused.body.code], [403, 'CSRF_REFUSED'])
  })

  it('keeps people apart', async () => {
    assert.equal((await ada.call('GET', `servers/${computer}`)).status, 200)
    assert.equal((await eve.call('GET', `servers/${computer}`)).status, 404)
    assert.equal((await eve.call('GET', 'servers')).body.total, 0)
    assert.equal((await eve.call('POST', `servers/${computer}/installations`, { url: RELEASE })).status >= 400, true)
    assert.equal((await eve.call('GET', `servers/${computer}/logs?source=agent`)).status, 404)
    assert.equal((await eve.call('POST', `servers/${computer}/certificates/revoke`)).status, 404)
    assert.equal((await eve.call('GET', `projects/${ada.project}/members`)).status, 404)
    assert.deepEqual(
      (await eve.call('GET', 'audit')).body.items.filter((item: { subject: string }) => item.subject === computer),
      [],
    )
  })

  it('creates once per idempotency key, and refuses a title that is taken', async () => {
    const key = { 'idempotency-key': 'one' }
    const [first, again] = await Promise.all([1, 2].map(() => ada.call('POST', 'services', service('shop'), key)))
    assert.equal(first?.status, 200, JSON.stringify(first?.body))
    assert.equal(first?.body.reference, again?.body.reference)
    const taken = await ada.call('POST', 'services', service('shop'))
    assert.deepEqual([taken.status, taken.body.code], [409, 'TITLE_TAKEN'])
  })

  it('changes only from the version that was read', async () => {
    const { body } = await ada.call('POST', 'services', service('blog'))
    const path = `services/${body.reference}`
    const change = { parameters: { color: 'blue' } }
    assert.equal((await ada.call('PUT', path, change)).status, 428)
    const saved = await ada.call('PUT', path, change, { 'if-match': `"${body.etag}"` })
    assert.deepEqual([saved.status, saved.body.parameters], [200, { color: 'blue' }])
    assert.equal((await ada.call('PUT', path, { parameters: {} }, { 'if-match': `"${body.etag}"` })).status, 412)
    const [earlier, ...others] = (await ada.call('GET', `${path}/versions`)).body
    assert.deepEqual([earlier.parameters, earlier.replacedBy, earlier.releaseUrl], [{}, 'ada', body.releaseUrl])
    assert.deepEqual(others, [])
    assert.equal((await eve.call('GET', `${path}/versions`)).status, 404)
    const stopped = await ada.call('PUT', path, { state: 'stopped' }, { 'if-match': saved.body.etag })
    assert.equal(stopped.body.desired, 'stopped')
    assert.equal((await ada.call('GET', `${path}/versions`)).body.length, 1, 'a state is no version')
    assert.equal((await ada.call('POST', `${path}/destroy`, { title: 'blg' })).status, 400)
    assert.equal((await ada.call('POST', `${path}/destroy`, { title: 'blog' })).status, 200)
  })

  it('explains a service that waits', async () => {
    const lacking = { ...service('waits'), releaseUrl: `${RELEASE}?other` }
    await ada.call('POST', 'services', lacking)
    const why = await ada.call('GET', 'why/waits')
    assert.equal(why.status, 200)
    assert.match(why.body.text, /waits has been waiting for a place for (a moment|\d+ seconds): .*COMP-0/)
    assert.equal((await eve.call('GET', 'why/waits')).status, 404)
  })

  it('lets API tokens do what their scope says', async () => {
    const { body } = await ada.call('POST', 'api-tokens', { title: 'ci', scope: 'read', days: 1 })
    const authorization = `Bearer ${body.secret}`
    assert.equal((await call('GET', 'servers', undefined, { authorization })).body.total, 1)
    assert.equal((await call('POST', 'services', service('y'), { authorization })).body.code, 'SCOPE_TOO_SMALL')
    await ada.call('DELETE', `api-tokens/${body.id}`)
    assert.equal((await call('GET', 'servers', undefined, { authorization })).status, 401)
  })

  it('invites a person, who then sees the project', async () => {
    const invitation = await ada.call('POST', `projects/${ada.project}/invitations`, { role: 'member', email: '' })
    const token = new URL(invitation.body.link).hash.slice(1)
    const account = { token, login: 'bob', name: 'Bob', password: 'bob has a password' }
    assert.equal((await call('POST', 'invitation', account)).status, 200)
    assert.notEqual((await call('POST', 'invitation', { ...account, login: 'mallory' })).status, 200)
    const session = await call('POST', 'session', { user: 'bob', password: 'bob has a password' })
    const headers = { cookie: session.cookie, 'x-csrf-token': session.body.csrf }
    assert.equal((await call('GET', 'servers', undefined, headers)).body.total, 1)
    assert.equal((await call('POST', 'tokens', {}, headers)).body.code, 'ROLE_TOO_SMALL')
  })

  it('refuses what its schema does not know, in one line', async () => {
    const refused = await ada.call('GET', 'services?limit=1000')
    assert.equal(refused.status, 400)
    assert.equal((await ada.call('GET', 'services?sort=password')).status, 400)
    assert.equal((await ada.call('GET', 'services?cursor=nonsense')).status, 400)
  })

  it('lists 10,000 services a page at a time, each once', async () => {
    await fill(10_000)
    await restart()
    const first = await ada.call('GET', 'services?limit=200&sort=title')
    assert.ok(first.body.total >= 10_000)
    const seen = new Set<string>()
    let cursor = ''
    for (let page = 0; page < 4; page++) {
      const { body } = await ada.call('GET', `services?limit=200&sort=title${cursor}`)
      for (const item of body.items) {
        assert.equal(seen.has(item.reference), false)
        seen.add(item.reference)
      }
      cursor = `&cursor=${body.next}`
    }
    assert.equal(seen.size, 800)
  })

  /** Rows as requests would make them, without the time that 10,000 requests take. */
  async function fill(count: number): Promise<void> {
    const { store } = master.parts
    const example = await store.read
      .selectFrom('instance')
      .selectAll()
      .where('title', '=', 'waits')
      .executeTakeFirstOrThrow()
    const tree = await store.read.selectFrom('tree').selectAll().where('title', '=', 'waits').executeTakeFirstOrThrow()
    await store.tx(async (tx) => {
      for (let start = 0; start < count; start += 500) {
        const ids = Array.from({ length: Math.min(500, count - start) }, (_, index) => 100_000 + start + index)
        const named = (id: number) => `service ${String(id).padStart(7, '0')}`
        await tx
          .insertInto('tree')
          .values(
            ids.map((id) => ({
              ...tree,
              id,
              reference: `HOSTSUBS-${id}`,
              title: named(id),
              root_id: id,
              created_at: id,
            })),
          )
          .execute()
        await tx
          .insertInto('instance')
          .values(
            ids.map((id) => ({
              ...example,
              id,
              tree_id: id,
              reference: `SOFTINST-${id}`,
              title: named(id),
              created_at: id,
            })),
          )
          .execute()
      }
    })
  }
})
