import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { silentLogger } from '@slapos/base'
import type { Caller } from '../domain/cloud.ts'
import type { GrantScope } from '../domain/rights/grant.ts'
import { formatted } from '../domain/testing/world.ts'
import type { Master } from './options.ts'
import { startMaster } from './start.ts'

const system = { kind: 'system' } as const
const RELEASE = 'https://example.org/app/software.cfg'
const SCOPES = ['read', 'write', 'admin'] as const

interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: string
  readonly type?: string
}

describe('an API token gives what its scope says, on every surface', () => {
  let directory: string
  let master: Master
  let ca: string
  let owner: { readonly person: string; readonly project: string; readonly computer: string }
  /** A second project of the same person, with a node. */
  let other: { readonly project: string; readonly computer: string }

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slapos-api-tokens-'))
    const at = { host: '127.0.0.1', port: 0 }
    master = await startMaster({
      ...{ dataDirectory: directory, api: at, web: { ...at, tls: false }, logger: silentLogger },
    })
    ca = await readFile(master.caPath, 'utf8')
    const { cloud } = master.parts
    const person = await cloud.people.create(system, { name: 'Ada', email: '', operator: true })
    owner = { person, ...(await projectWithNode(person, 'one')) }
    other = await projectWithNode(person, 'two')
  })
  after(async () => {
    await master?.close()
    await rm(directory, { recursive: true, force: true })
  })

  async function projectWithNode(person: string, title: string) {
    const { cloud } = master.parts
    const caller: Caller = { kind: 'person', person, via: 'session' }
    const project = await cloud.projects.create(system, { title, owner: person })
    const { computer } = await cloud.nodes.create(caller, { title: `node of ${title}`, project })
    await cloud.nodes.format({ kind: 'computer', computer }, formatted(computer, 3))
    await cloud.software.supply(caller, computer, RELEASE, 'available')
    return { project, computer }
  }

  async function token(scope: GrantScope, project?: string): Promise<string> {
    const { secret } = await master.parts.identity.apiTokens.create({
      ...{ person: owner.person, title: scope, scope, lifeMs: 60_000 },
      ...(project !== undefined && { project }),
    })
    return secret
  }

  function send(secret: string, { method, path, body, type }: Call): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${secret}`, connection: 'close', ...(type && { 'content-type': type }) }
      const sent = request(new URL(path, master.apiUrl), { ca, method, headers, agent: false })
      sent.once('error', reject).once('response', (answer) => {
        text(answer).then((read) => resolve({ status: answer.statusCode ?? 0, body: read }), reject)
      })
      sent.end(body)
    })
  }

  const form = (path: string, fields: Readonly<Record<string, string>>): Call => ({
    ...{ method: 'POST', path, type: 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  })
  const json = (path: string, body: unknown): Call => ({
    ...{ method: 'POST', path, type: 'application/json', body: JSON.stringify(body) },
  })

  /** For each surface one call of each scope, on a node and on what belongs to its project. */
  const surfaces: Readonly<Record<string, Readonly<Partial<Record<GrantScope, (computer: string) => Call>>>>> = {
    'slap XML': {
      read: (computer) => ({ method: 'GET', path: `getFullComputerInformation?computer_id=${computer}` }),
      write: (computer) => form('supplySupply', { computer_id: computer, url: RELEASE, state: 'available' }),
      admin: (computer) => form('generateComputerCertificate', { computer_id: computer }),
    },
    HATEOAS: {
      read: (computer) => ({
        method: 'GET',
        path: `hateoas?mode=traverse&relative_url=compute_node_module/${computer}`,
      }),
      write: () => ({ method: 'GET', path: 'hateoas/computer_module/Base_getComputerToken' }),
    },
    'JSON-RPC': {
      read: (computer) => json('slapos.get.v0.compute_node_status', { computer_guid: computer }),
      write: (computer) => json('slapos.put.v0.compute_node_bang', { computer_guid: computer, message: 'test' }),
      admin: (computer) => json('slapos.remove.v0.compute_node_certificate', { computer_guid: computer }),
    },
    panel: {
      read: (computer) => ({ method: 'GET', path: `api/v1/servers/${computer}` }),
      write: (computer) => json(`api/v1/servers/${computer}/commands`, { name: 'rebuild', url: RELEASE }),
      admin: (computer) => json(`api/v1/servers/${computer}/certificates/revoke`, {}),
    },
  }

  for (const [surface, calls] of Object.entries(surfaces)) {
    for (const held of SCOPES) {
      for (const needed of SCOPES) {
        const call = calls[needed]
        if (call === undefined) continue
        const passes = SCOPES.indexOf(held) >= SCOPES.indexOf(needed)
        it(`${surface}: a ${held} token ${passes ? 'may' : 'may not'} do what takes ${needed}`, async () => {
          // A certificate that was never used may be replaced; there is one to revoke.
          await master.parts.identity.certificates.revokeSubject('computer', owner.computer)
          if (needed === 'admin' && surface === 'JSON-RPC') {
            await master.parts.identity.certificates.issuePair('computer', owner.computer)
          }
          const answer = await send(await token(held), call(owner.computer))
          if (passes) assert.equal(answer.status, 200, answer.body)
          else {
            assert.equal(answer.status, 403, answer.body)
            assert.match(answer.body, /this API token does not give/)
          }
        })
      }
    }

    it(`${surface}: a token of one project reaches nothing of another`, async () => {
      const bound = await token('admin', owner.project)
      const { read } = calls
      assert.ok(read)
      assert.equal((await send(bound, read(owner.computer))).status, 200)
      for (const [scope, call] of Object.entries(calls)) {
        if (call.length === 0) continue // it is about no computer
        const refused = await send(bound, call(other.computer))
        assert.ok([403, 404].includes(refused.status), `${scope}: ${refused.status} ${refused.body}`)
      }
    })

    it(`${surface}: a token that is revoked, and none at all, are refused`, async () => {
      const { apiTokens } = master.parts.identity
      const { secret, record } = await apiTokens.create({
        ...{ person: owner.person, title: 'short', scope: 'read' as const, lifeMs: 60_000 },
      })
      const { read } = calls
      assert.ok(read)
      assert.equal((await send(secret, read(owner.computer))).status, 200)
      await apiTokens.revoke(owner.person, record.id)
      assert.equal((await send(secret, read(owner.computer))).status, 401)
    })
  }

  it('a token of one project lists that project only, and changes no account', async () => {
    const bound = await token('admin', owner.project)
    const session = JSON.parse((await send(bound, { method: 'GET', path: 'api/v1/session' })).body)
    assert.deepEqual(
      session.memberships.map(({ project }: { project: string }) => project),
      [owner.project],
    )
    const made = await send(bound, json('api/v1/api-tokens', { title: 'more', scope: 'admin', days: 1 }))
    assert.equal(made.status, 403)
    assert.match(made.body, /PROJECT_TOKEN/)
    const listed = await send(bound, {
      method: 'GET',
      path: 'hateoas?mode=search&query=portal_type:"Compute Node"&select_list=reference',
    })
    assert.deepEqual(
      JSON.parse(listed.body)._embedded.contents.map(({ reference }: { reference: string }) => reference),
      [owner.computer],
    )
  })

  it('a token makes no token that gives more than itself', async () => {
    for (const scope of ['read', 'write'] as const) {
      const made = await send(await token(scope), json('api/v1/api-tokens', { title: 'more', scope: 'admin', days: 1 }))
      assert.equal(made.status, 403)
    }
  })
})
