import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { silentLogger } from '@slapos/base'
import { formatted, guidOf, RELEASE, wanted } from '../../../domain/testing/world.ts'
import { startMaster } from '../../../server/index.ts'

const system = { kind: 'system' } as const

test('who wants to be told hears of red, and that it is well again, once each', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'slapos-watch-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  const heard: { readonly title: string; readonly text: string; readonly link: string }[] = []
  const hook = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    heard.push(JSON.parse(body))
    hook.emit('heard')
    response.end()
  }).listen(0, '127.0.0.1')
  t.after(() => hook.close())
  await once(hook, 'listening')
  const next = async (count: number) => {
    while (heard.length < count) await once(hook, 'heard', { signal: AbortSignal.timeout(60_000) })
    return heard.slice(count - 1).map(({ title }) => title)
  }

  const listen = { host: '127.0.0.1', port: 0 }
  await using master = await (async () => {
    const started = await startMaster({
      ...{ dataDirectory: directory, api: listen, web: { ...listen, tls: false }, logger: silentLogger },
      allowPrivateReleases: true,
    })
    return Object.assign(started, { [Symbol.asyncDispose]: () => started.close() })
  })()
  const { cloud, identity } = master.parts
  const person = await cloud.people.create(system, { name: 'ada', email: 'ada@example.org' })
  const project = await cloud.projects.create(system, { title: 'ada', owner: person })
  await identity.credentials.set(person, 'ada', 'ada has a password')
  const ada = { kind: 'person', person, via: 'session' } as const
  const { computer } = await cloud.nodes.create(ada, { title: 'paris', project })
  const node = { kind: 'computer', computer } as const
  await cloud.nodes.format(node, formatted(computer, 2))
  cloud.nodes.contacted(computer, '192.0.2.7')
  await cloud.software.supply(ada, computer, RELEASE, 'available')
  await cloud.software.report(node, computer, RELEASE, 'available')
  await subscribe(master.webUrl, `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`)

  const guid = guidOf(await cloud.instances.request(ada, wanted('shop')))
  await cloud.instances.report(node, { guid }, 'started')
  await cloud.instances.error(node, { guid }, 'no space left')
  assert.deepEqual(await next(1), ['shop is red'])
  assert.match(heard[0]?.text ?? '', /no space left/)
  assert.equal(heard[0]?.link, `${master.webUrl}services/${guid}`)
  await cloud.instances.report(node, { guid }, 'started')
  assert.deepEqual(await next(2), ['shop is well again'])
})

async function subscribe(web: string, target: string): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const post = (path: string, body: unknown, more = {}) =>
    fetch(`${web}api/v1/${path}`, { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(body) })
  const session = await post('session', { user: 'ada', password: 'ada has a password' })
  const cookie = (session.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const { csrf } = (await session.json()) as { readonly csrf: string }
  const added = await post('notifications', { kind: 'webhook', target }, { cookie, 'x-csrf-token': csrf })
  assert.equal(added.status, 200, await added.text())
}
