import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { codeAt } from '../../identity/people/totp.ts'
import { openStream, type TestStream } from './testing/stream.ts'
import { newService, openPanelWorld, type PanelWorld, type Visit } from './testing/world.ts'

/** Users, roles, invitations and what people come in with, over HTTP; what is taken away is gone at once. */
describe('people of the panel', () => {
  let world: PanelWorld
  let ada: Visit
  let project: string
  const streams: TestStream[] = []

  before(async () => {
    world = await openPanelWorld()
    ada = await world.person('ada')
    project = await world.project(ada, 'Shop')
  })
  after(async () => {
    for (const stream of streams) stream.close()
    await world?.[Symbol.asyncDispose]()
  })

  const streamOf = async (headers: Readonly<Record<string, string>>): Promise<TestStream> => {
    const stream = await openStream(`${world.url}api/v1/events`, headers)
    streams.push(stream)
    return stream
  }
  const invite = async (role: string, by: Visit = ada): Promise<string> => {
    const { status, body, text } = await by.call('POST', `projects/${project}/invitations`, { role, email: '' })
    assert.equal(status, 200, text)
    return new URL(body.link).hash.slice(1)
  }
  const account = (token: string, login: string) => ({ token, login, name: '', password: `${login} has a password` })
  const memberOf = async (visit: Visit) =>
    (await visit.call('GET', 'session')).body.memberships as { project: string }[]

  it('the cookie is closed to scripts and to other sites', async () => {
    const { headers } = await world.call('POST', 'session', { user: 'ada', password: ada.password })
    assert.match(
      headers.get('set-cookie') ?? '',
      /^slapos_session=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    )
  })

  it('a session that is ended elsewhere loses its stream, and the others keep theirs', async () => {
    const [lost, kept] = [await world.logIn('ada', ada.password), await world.logIn('ada', ada.password)]
    const [cut, open] = [await streamOf(lost), await streamOf(kept)]
    const sessions = (await world.call('GET', 'sessions', undefined, lost)).body as { id: string; current: boolean }[]
    const id = sessions.find(({ current }) => current)?.id ?? assert.fail()
    assert.equal((await ada.call('DELETE', `sessions/${id}`)).status, 200)
    await cut.ended
    assert.equal((await world.call('GET', 'session', undefined, lost)).status, 401)
    assert.equal((await world.call('GET', 'session', undefined, kept)).status, 200)
    assert.equal(open.isOpen(), true)
    // A log-out ends its own.
    assert.equal((await world.call('DELETE', 'session', undefined, kept)).status, 200)
    await open.ended
  })

  it('a changed password ends the streams of the other sessions', async () => {
    const other = await world.logIn('ada', ada.password)
    const [mine, cut] = [await streamOf(ada.headers), await streamOf(other)]
    const change = { current: ada.password, next: 'ada has another password' }
    assert.equal((await ada.call('PUT', 'session/password', change)).status, 200)
    await cut.ended
    assert.equal(mine.isOpen(), true)
    assert.equal((await ada.call('PUT', 'session/password', { current: change.next, next: ada.password })).status, 200)
  })

  it('a revoked API token loses its stream', async () => {
    const { body } = await ada.call('POST', 'api-tokens', { title: 'ci', scope: 'read', days: 1 })
    const stream = await streamOf({ authorization: `Bearer ${body.secret}` })
    assert.equal((await ada.call('DELETE', `api-tokens/${body.id}`)).status, 200)
    await stream.ended
  })

  it('who is disabled by an administrator is out at once', async () => {
    const bob = await world.person('bob')
    const stream = await streamOf(bob.headers)
    await world.master.parts.cloud.people.disable({ kind: 'system' }, bob.person)
    await stream.ended
    assert.equal((await bob.call('GET', 'session')).status, 401)
  })

  it('a role takes effect in open sessions and streams at once', async () => {
    const cyd = await world.person('cyd')
    const other = await world.project(cyd, 'Of Cyd')
    const token = await invite('member')
    const stream = await streamOf(cyd.headers)
    assert.equal((await cyd.call('POST', 'session/invitation', { token })).status, 200)
    await stream.hint('project', project)
    const path = `projects/${project}/members/${cyd.person}`
    assert.equal((await cyd.call('POST', `projects/${project}/invitations`, { role: 'member', email: '' })).status, 403)
    assert.equal((await ada.call('PUT', path, { role: 'manager' })).status, 200)
    assert.equal((await cyd.call('POST', `projects/${project}/invitations`, { role: 'member', email: '' })).status, 200)
    assert.equal((await cyd.call('POST', `projects/${project}/invitations`, { role: 'owner', email: '' })).status, 403)
    const { body: seen } = await ada.call('POST', 'services', newService('seen', project))
    await stream.hint('instance', seen.reference)
    assert.equal((await ada.call('DELETE', path)).status, 200)
    const { body: unseen } = await ada.call('POST', 'services', newService('unseen', project))
    const { body: own } = await cyd.call('POST', 'services', newService('own', other))
    await stream.hint('instance', own.reference)
    assert.equal(stream.text().includes(unseen.reference), false)
    assert.equal((await cyd.call('GET', `services/${seen.reference}`)).status, 404)
    assert.deepEqual(
      (await memberOf(cyd)).map((item) => item.project),
      [other],
    )
  })

  it('the last owner can neither leave nor become less', async () => {
    const path = `projects/${project}/members/${ada.person}`
    for (const answer of [await ada.call('PUT', path, { role: 'manager' }), await ada.call('DELETE', path)]) {
      assert.deepEqual([answer.status, answer.body.code], [409, 'LAST_OWNER'])
    }
  })

  it('an invitation is used once, also by two at once, and leaves no account behind that nobody invited', async () => {
    const token = await invite('member')
    const names = ['first', 'second', 'third']
    const answers = await Promise.all(names.map((login) => world.call('POST', 'invitation', account(token, login))))
    assert.equal(answers.filter(({ status }) => status === 200).length, 1, answers.map(({ text }) => text).join('\n'))
    const logIns = await Promise.all(
      names.map((user) => world.call('POST', 'session', { user, password: `${user} has a password` })),
    )
    assert.equal(logIns.filter(({ status }) => status === 200).length, 1)
  })

  it('a taken name and a weak password cost neither the invitation nor an account', async () => {
    const token = await invite('member')
    const taken = await world.call('POST', 'invitation', account(token, 'ada'))
    assert.deepEqual([taken.status, taken.body.code], [409, 'LOGIN_TAKEN'])
    assert.equal((await world.call('POST', 'invitation', { ...account(token, 'x y'), name: '' })).status, 400)
    assert.equal((await world.call('POST', 'invitation', account(token, 'dora'))).status, 200)
    const persons = await world.master.parts.store.read
      .selectFrom('person')
      .select('reference')
      .where('name', '=', 'ada')
      .where('state', '=', 'active')
      .execute()
    assert.equal(persons.length, 1)
  })

  it('an invitation does not outlive the right of who made it; a member needs none', async () => {
    const eva = await world.person('eva')
    assert.equal((await eva.call('POST', 'session/invitation', { token: await invite('owner') })).status, 200)
    const token = await invite('owner', eva)
    assert.equal((await ada.call('DELETE', `projects/${project}/members/${eva.person}`)).status, 200)
    const back = await eva.call('POST', 'session/invitation', { token })
    assert.deepEqual([back.status, back.body.code], [403, 'INVITER_LEFT'])
    const again = await ada.call('POST', 'session/invitation', { token: await invite('member') })
    assert.deepEqual([again.status, again.body.code], [409, 'MEMBER_ALREADY'])
  })

  it('a member restarts what runs for his project, and nothing else there; it stands in the log, and the node hears it', async () => {
    const { cloud, events } = world.master.parts
    const computer = await world.node(ada, project, 'paris')
    cloud.nodes.contacted(computer, '192.0.2.1')
    const gus = await world.person('gus')
    assert.equal((await gus.call('POST', 'session/invitation', { token: await invite('member') })).status, 200)
    const wish = { ...newService('restartable', project), filter: { computer_guid: computer } }
    const { body: service } = await ada.call('POST', 'services', wish)
    await cloud.reconcile()
    const partition = (await cloud.instances.get({ kind: 'system' }, service.reference)).partition ?? ''
    assert.match(partition, /^slappart\d$/)
    const heard: string[] = []
    const output = { write: (text: string) => heard.push(text) > 0, end() {}, destroy() {}, on() {} }
    events.openNode(computer, undefined, output)
    const restart = (at: string) => ({ name: 'restart-service', partition: at, service: 'web' })
    const path = `servers/${computer}/commands`
    assert.equal((await gus.call('POST', path, restart(partition))).status, 200)
    assert.equal((await gus.call('POST', path, restart('slappart4'))).status, 403, 'nothing runs there')
    assert.equal((await gus.call('POST', path, { name: 'rebuild', url: 'https://example.com/x' })).status, 403)
    const stranger = await world.person('hal')
    assert.equal((await stranger.call('POST', path, restart(partition))).status, 404)
    const { body: log } = await ada.call('GET', `audit?subject=${computer}&limit=200`)
    const entry = log.items.find(({ actor }: { actor: string }) => actor === 'gus')
    assert.deepEqual([entry?.action, entry?.detail], ['sent a command to', `restart-service ${partition}:web`])
    assert.match(heard.join(''), new RegExp(`event: command\ndata: .*restart-service.*${partition}`))
  })

  it('one-time codes are not taken away from an open session, and a recovery code replaces one', async () => {
    const fay = await world.person('fay')
    const { body: setup } = await fay.call('POST', 'session/totp')
    const code = codeAt(setup.secret, Math.floor(Date.now() / 30_000))
    const { body: confirmed } = await fay.call('PUT', 'session/totp', { code })
    assert.equal(confirmed.recoveryCodes.length, 10)
    assert.equal((await fay.call('POST', 'session/totp')).body.code, 'TOTP_ON')
    const attempt = { user: 'fay', password: fay.password }
    assert.equal((await world.call('POST', 'session', attempt)).body.code, 'CODE_NEEDED')
    assert.equal((await world.call('POST', 'session', { ...attempt, code })).status, 401, 'it was used')
    const recovery = { ...attempt, code: confirmed.recoveryCodes[3] }
    assert.equal((await world.call('POST', 'session', recovery)).status, 200)
    assert.equal((await world.call('POST', 'session', recovery)).status, 401)
    assert.equal((await fay.call('GET', 'session')).body.recoveryCodes, 9)
  })

  it('log-ins stand in the log of what one did', async () => {
    const { body } = await ada.call('GET', 'audit?limit=200')
    const actions = new Set(body.items.map(({ action }: { action: string }) => action))
    for (const action of ['logged in', 'ended a session', 'changed the password'])
      assert.ok(actions.has(action), action)
  })
})
