import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { covers, type GrantScope } from '../../domain/rights/grant.ts'
import { openApiDocument } from './openapi.ts'
import { newService, openPanelWorld, type PanelWorld, RELEASE, type Visit } from './testing/world.ts'

/** The smallest role in the project that may; `himself`: it is about his own account, or only shows what is his. */
type Least = 'member' | 'manager' | 'owner' | 'himself'

interface Probe {
  readonly least: Least
  /** Values of `{...}` in the path and `?...`, made for this one call when it uses something up. */
  readonly at?: () => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>
  readonly query?: () => string
  readonly body?: () => unknown
  readonly headers?: Readonly<Record<string, string>>
}

interface Route {
  readonly method: string
  readonly path: string
  readonly needs: GrantScope
}

const SCOPES = ['read', 'write', 'admin'] as const
const ROLES = ['member', 'manager', 'owner'] as const
const ID = createHash('md5').update(RELEASE).digest('hex')

/** Every route that the Master has, with everybody who might try: the table below must name each. */
describe('who may what on each route of the panel API', () => {
  let world: PanelWorld
  let routes: ReadonlyMap<string, Route>
  let ada: Visit
  let eve: Visit
  let project: string
  let computer: string
  let service: string
  /** Nothing of these may be seen by a stranger. */
  const secrets = new Set<string>()
  let count = 0

  before(async () => {
    routes = routesOf(await openApiDocument())
    world = await openPanelWorld({ allowPrivateReleases: true })
    ada = await world.person('ada')
    eve = await world.person('eve')
    project = await world.project(ada, 'Project of Ada')
    await world.project(eve, 'Project of Eve')
    computer = await world.node(ada, project, 'machine-of-ada')
    service = (await ada.call('POST', 'services', newService('service-of-ada', project))).body.reference
    for (const word of [ada.person, 'ada@example.com', project, computer, service]) secrets.add(word)
    for (const word of ['Project of Ada', 'machine-of-ada', 'service-of-ada']) secrets.add(word)
  })
  after(async () => {
    await world?.[Symbol.asyncDispose]()
  })

  const here = () => ({ computer })
  const made = async (path: string, body: unknown) => {
    const answer = await ada.call('POST', path, body)
    assert.equal(answer.status, 200, answer.text)
    return answer.body
  }
  const ofAda = async () => {
    count += 1
    const { reference } = await made('services', newService(`service-of-ada-${count}`, project))
    return { reference }
  }

  /** By operation. */
  const probes: Readonly<Record<string, Probe>> = {
    getMe: { least: 'himself' },
    logOut: { least: 'himself' },
    listSessions: { least: 'himself' },
    revokeSession: {
      least: 'himself',
      at: async () => {
        await world.logIn(ada.login, ada.password)
        const sessions: { id: string; current: boolean }[] = (await ada.call('GET', 'sessions')).body
        return { id: sessions.find(({ current }) => !current)?.id ?? assert.fail() }
      },
    },
    changePassword: { least: 'himself', body: () => ({ current: 'this is not it', next: 'another password' }) },
    changeProfile: { least: 'himself', body: () => ({ name: 'x', email: '' }) },
    beginTotp: { least: 'himself' },
    joinByInvitation: { least: 'himself', body: () => ({ token: 'not one of ours' }) },
    confirmTotp: { least: 'himself', body: () => ({ code: '000000' }) },
    disableTotp: { least: 'himself', body: () => ({ password: 'this is not it' }) },
    listApiTokens: { least: 'himself' },
    createApiToken: { least: 'member', body: () => ({ title: 't', scope: 'read', days: 1, project }) },
    revokeApiToken: {
      least: 'himself',
      at: async () => ({ id: (await made('api-tokens', { title: 't', scope: 'read', days: 1 })).id }),
    },
    getHome: { least: 'himself' },
    search: { least: 'himself', query: () => 'q=of-ada' },
    getTopology: { least: 'himself' },
    listAudit: { least: 'himself', query: () => `subject=${computer}` },
    why: { least: 'member', at: () => ({ name: service }) },
    listServers: { least: 'himself' },
    getServer: { least: 'member', at: here },
    changeServer: { least: 'manager', at: here, body: () => ({ title: 'machine-of-ada' }) },
    shareServer: { least: 'manager', at: here, body: () => ({ sharing: 'project' }) },
    listPartitions: { least: 'himself', at: here },
    listServerCertificates: { least: 'member', at: here },
    revokeServerCertificate: { least: 'manager', at: here },
    listInstallations: { least: 'himself', at: here },
    supply: { least: 'manager', at: here, body: () => ({ url: RELEASE }) },
    getInstallation: { least: 'member', at: () => ({ computer, id: ID }) },
    unsupply: { least: 'manager', at: () => ({ computer, id: ID }) },
    listTokens: { least: 'himself' },
    createToken: { least: 'manager', body: () => ({}) },
    getToken: { least: 'member', at: async () => ({ id: (await made('tokens', {})).id }) },
    revokeToken: { least: 'manager', at: async () => ({ id: (await made('tokens', {})).id }) },
    listClientCertificates: { least: 'himself' },
    createClientToken: { least: 'himself' },
    listClientTokens: { least: 'himself' },
    revokeClientToken: { least: 'himself', at: async () => ({ id: (await made('client-tokens', {})).id }) },
    revokeClientCertificate: { least: 'himself', at: () => ({ fingerprint: 'ab'.repeat(32) }) },
    listProducts: { least: 'himself' },
    addRelease: { least: 'manager', body: () => ({ url: 'http://127.0.0.1:9/software.cfg' }) },
    getDescriptor: { least: 'himself', query: () => `url=${encodeURIComponent(RELEASE)}` },
    listServices: { least: 'himself', query: () => `computer=${computer}` },
    createService: { least: 'member', body: () => newService(`service-of-ada-new-${++count}`, project) },
    getService: { least: 'member', at: () => ({ reference: service }) },
    listEarlierVersions: { least: 'member', at: () => ({ reference: service }) },
    changeService: {
      ...{ least: 'member', at: ofAda, headers: { 'if-match': '*' } },
      body: () => ({ parameters: { x: 'y' } }),
    },
    destroyService: {
      ...{ least: 'member', at: ofAda },
      body: () => ({ title: `service-of-ada-${count}` }),
    },
    listProcesses: { least: 'member', query: () => `service=${service}` },
    listPromises: { least: 'member', query: () => `server=${computer}` },
    getUptime: { least: 'member', query: () => `service=${service}` },
    getUsage: { least: 'member', at: here },
    getLog: { least: 'member', at: here, query: () => 'source=agent' },
    command: { least: 'manager', at: here, body: () => ({ name: 'rebuild', url: RELEASE }) },
    listMembers: { least: 'member', at: () => ({ project }) },
    setRole: {
      ...{ least: 'owner', body: () => ({ role: 'member' }) },
      at: async () => ({ project, person: await joined() }),
    },
    removeMember: { least: 'owner', at: async () => ({ project, person: await joined() }) },
    listInvitations: { least: 'manager', at: () => ({ project }) },
    invite: { least: 'manager', at: () => ({ project }), body: () => ({ role: 'member', email: '' }) },
    revokeInvitation: {
      least: 'manager',
      at: async () => {
        const { id } = await made(`projects/${project}/invitations`, { role: 'member', email: '' })
        return { project, id }
      },
    },
    listNotifications: { least: 'himself' },
    addNotification: { least: 'himself', body: () => ({ kind: 'webhook', target: 'https://hook.example/' }) },
    testNotification: { least: 'himself', at: async () => ({ id: (await hook()).id }) },
    removeNotification: { least: 'himself', at: async () => ({ id: (await hook()).id }) },
    listFeeds: { least: 'himself' },
    addFeed: { least: 'himself', body: () => ({ title: 'reader' }) },
    revokeFeed: { least: 'himself', at: async () => ({ id: (await made('feeds', { title: 'reader' })).id }) },
    events: { least: 'himself' },
  }

  const hook = () => made('notifications', { kind: 'email', target: 'ada@example.com' })

  /** Somebody more in the project. */
  async function joined(): Promise<string> {
    const { cloud } = world.master.parts
    count += 1
    const person = await cloud.people.create({ kind: 'system' }, { name: `guest ${count}`, email: '' })
    await cloud.projects.setRole({ kind: 'system' }, project, person, 'member')
    return person
  }

  async function requestOf(operation: string) {
    const route = routes.get(operation) ?? assert.fail(operation)
    const probe = probes[operation] ?? assert.fail(operation)
    const values = { ...(await probe.at?.()) }
    const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
    const query = probe.query === undefined ? '' : `?${probe.query()}`
    const [method, address] = [route.method, `${path}${query}`] as const
    return { method, address, body: probe.body?.(), headers: probe.headers ?? {}, values }
  }

  it('the table names every route, and nothing else', () => {
    assert.deepEqual(Object.keys(probes).sort(), [...routes.keys()].sort())
  })

  it('nobody comes in without a proof, with a made-up one, or by another method than the declared ones', async () => {
    for (const operation of routes.keys()) {
      const { method, address, body } = await requestOf(operation)
      const proofs: Record<string, string>[] = [
        {},
        { cookie: 'slapos_session=made-up' },
        { authorization: 'Bearer slapos_made-up' },
        { authorization: 'Basic YWRhOmFkYSBoYXMgYSBwYXNzd29yZA==' },
      ]
      for (const proof of proofs) {
        const { status } = await world.call(method, address, body, proof)
        assert.equal(status, 401, `${operation} with ${JSON.stringify(proof)}`)
      }
    }
  })

  it('a change with the cookie alone, as another site would send it, is refused', async () => {
    const { cookie = '' } = ada.headers
    for (const [operation, { method }] of routes) {
      if (method === 'GET') continue
      const { address, body, headers } = await requestOf(operation)
      for (const proof of [{ cookie }, { cookie, 'x-csrf-token': eve.headers['x-csrf-token'] ?? '' }]) {
        const answer = await world.call(method, address, body, { ...headers, ...proof })
        assert.deepEqual([answer.status, answer.body.code], [403, 'CSRF_REFUSED'], operation)
      }
    }
  })

  it('an API token does what its scope covers, and nothing else: each route, each scope', async () => {
    for (const scope of SCOPES) {
      const { secret } = await made('api-tokens', { title: scope, scope, days: 1 })
      for (const [operation, { needs }] of routes) {
        if (operation === 'events') continue // it does not end; below
        const { method, address, body, headers } = await requestOf(operation)
        const answer = await world.call(method, address, body, { ...headers, authorization: `Bearer ${secret}` })
        const refused = answer.body?.code === 'SCOPE_TOO_SMALL'
        assert.equal(refused, !covers(scope, needs), `${operation} with ${scope}: ${answer.text}`)
        if (refused) assert.equal(answer.status, 403)
      }
    }
  })

  it('somebody of another project gets 403 or 404 on everything of this one, and lists without it', async () => {
    for (const [operation] of routes) {
      if (operation === 'events') continue
      const { least } = probes[operation] ?? assert.fail()
      const { method, address, body, headers, values } = await requestOf(operation)
      if (operation === 'logOut' || operation === 'createToken' || operation === 'addRelease') continue // of his own
      const answer = await eve.call(method, address, body, headers)
      if (least !== 'himself') {
        assert.ok([403, 404].includes(answer.status), `${operation}: ${answer.status} ${answer.text}`)
      }
      if (answer.status !== 200) continue
      const asked = new Set(Object.values(values))
      for (const secret of secrets) {
        if (!asked.has(secret)) assert.equal(answer.text.includes(secret), false, `${operation} tells ${secret}`)
      }
    }
    const left = await ada.call('GET', 'sessions')
    assert.equal(left.body.length > 0, true, 'nobody ended the session of somebody else')
  })

  it('a member, a manager and an owner may what their role says: each route, each role', async () => {
    for (const role of ROLES) {
      const visitor = await world.person(`the-${role}`)
      await world.master.parts.cloud.projects.setRole({ kind: 'system' }, project, visitor.person, role)
      for (const [operation] of routes) {
        const { least } = probes[operation] ?? assert.fail()
        if (least === 'himself' || operation === 'addRelease') continue
        // What the one before removed is there again.
        await world.master.parts.cloud.software.supply(ada.caller, computer, RELEASE, 'available')
        const { method, address, body, headers } = await requestOf(operation)
        const answer = await visitor.call(method, address, body, headers)
        const may = ROLES.indexOf(role) >= ROLES.indexOf(least)
        assert.equal(answer.status === 403, !may, `${operation} as ${role}: ${answer.status} ${answer.text}`)
        if (may && operation !== 'revokeServerCertificate') {
          assert.equal(answer.status, 200, `${operation} as ${role}: ${answer.text}`)
        }
      }
    }
  })

  it('an owner brings nobody in by his number: that would tell who he is', async () => {
    const mine = (await eve.call('GET', 'session')).body.memberships[0].project
    const added = await eve.call('PUT', `projects/${mine}/members/${ada.person}`, { role: 'member' })
    assert.equal(added.status, 404, added.text)
    assert.equal((await eve.call('GET', `projects/${mine}/members`)).text.includes('ada'), false)
  })
})

function routesOf(document: unknown): ReadonlyMap<string, Route> {
  const { paths } = document as {
    readonly paths: Record<
      string,
      Record<string, { operationId: string; security: readonly { readonly token?: readonly GrantScope[] }[] }>
    >
  }
  return new Map(
    Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, { operationId, security }]) => {
        const needs = security.find(({ token }) => token !== undefined)?.token?.[0]
        if (needs === undefined) return [] // for those who are not logged in
        return [[operationId, { method: method.toUpperCase(), path: path.replace('/api/v1/', ''), needs }]] as const
      }),
    ),
  )
}
