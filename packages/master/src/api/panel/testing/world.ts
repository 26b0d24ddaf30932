import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '@slapos/base'
import { formatted } from '../../../domain/testing/world.ts'
import { type Master, startMaster } from '../../../server/index.ts'
import type { MasterOptions } from '../../../server/options.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every route
  readonly body: any
}

export type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>

/** Somebody with a log-in, before the panel API. */
export interface Visit {
  readonly person: string
  readonly login: string
  readonly password: string
  /** Cookie and CSRF text of his session. */
  readonly headers: Readonly<Record<string, string>>
  readonly caller: { readonly kind: 'person'; readonly person: string; readonly via: 'session' }
  /** With his session. */
  readonly call: Call
}

/** A real Master on loopback, and words for who is who. */
export interface PanelWorld extends AsyncDisposable {
  readonly master: Master
  readonly url: string
  readonly port: number
  /** Without any proof of who asks. */
  readonly call: Call
  person(login: string, operator?: boolean): Promise<Visit>
  project(owner: Visit, title: string): Promise<string>
  /** Formatted, with `release` supplied. */
  node(owner: Visit, project: string, title: string, release?: string): Promise<string>
  logIn(login: string, password: string): Promise<Readonly<Record<string, string>>>
}

const SYSTEM = { kind: 'system' } as const
export const RELEASE = 'https://example.com/app/1.0.0/software.cfg'

export async function openPanelWorld(options: Partial<MasterOptions> = {}): Promise<PanelWorld> {
  await using stack = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'slapos-panel-world-'))
  stack.defer(() => rm(directory, { recursive: true, force: true }))
  const at = { host: '127.0.0.1', port: 0 }
  const port = await freePort()
  const master = await startMaster({
    ...{ dataDirectory: directory, api: at, web: { ...at, port, tls: false }, logger: silentLogger },
    ...options,
  })
  stack.defer(() => master.close())
  const { cloud, identity } = master.parts

  const url = `http://127.0.0.1:${port}/`
  const call: Call = async (method, path, body, headers = {}) => {
    const answer = await fetch(new URL(path, `${url}api/v1/`), {
      ...{ method, redirect: 'manual' },
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
    })
    const text = await answer.text()
    const json = answer.headers.get('content-type')?.includes('json') === true
    return { status: answer.status, headers: answer.headers, text, body: json ? JSON.parse(text) : undefined }
  }

  const logIn = async (user: string, password: string) => {
    const { status, headers, text, body } = await call('POST', 'session', { user, password })
    assert.equal(status, 200, text)
    return { cookie: headers.get('set-cookie')?.split(';')[0] ?? '', 'x-csrf-token': String(body.csrf) }
  }

  const ends = stack.move()
  return {
    ...{ master, call, logIn, url, port },
    async person(login, operator = false) {
      const person = await cloud.people.create(SYSTEM, { name: login, email: `${login}@example.com`, operator })
      const password = `${login} has a password`
      await identity.credentials.set(person, login, password)
      const headers = await logIn(login, password)
      return {
        ...{ person, login, password, headers },
        caller: { kind: 'person', person, via: 'session' },
        call: (method, path, body, more = {}) => call(method, path, body, { ...headers, ...more }),
      }
    },
    project: (owner, title) => cloud.projects.create(SYSTEM, { title, owner: owner.person }),
    async node(owner, project, title, release = RELEASE) {
      const { computer } = await cloud.nodes.create(owner.caller, { title, project })
      await cloud.nodes.format({ kind: 'computer', computer }, formatted(computer, 5))
      await cloud.software.supply(owner.caller, computer, release, 'available')
      return computer
    },
    [Symbol.asyncDispose]: () => ends.disposeAsync(),
  }
}

/** Known before the Master starts, as its public address may be another one. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('a socket without a port')
  return address.port
}

export const newService = (title: string, project?: string) => ({
  ...{ title, releaseUrl: RELEASE, softwareType: 'default', shared: false, parameters: {}, filter: {} },
  ...(project !== undefined && { project }),
})
