import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '@slapos/base'
import { outgoingPolicy } from '../../../outgoing/index.ts'
import { openStore } from '../../../store/index.ts'
import { createSender, type Message } from './send.ts'
import { createNotificationTargets } from './targets.ts'

test('a web hook is told in words and for programs; what fails is kept beside its target', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'slapos-notify-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  const store = await openStore({ url: `sqlite:${join(directory, 'state.db')}` })
  t.after(() => store.close())
  const heard: Message[] = []
  let status = 200
  const hook = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      heard.push(JSON.parse(Buffer.concat(parts).toString()))
      response.writeHead(status).end()
    })
  }).listen(0, '127.0.0.1')
  t.after(() => hook.close())
  await once(hook, 'listening')
  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`
  const targets = createNotificationTargets(
    store,
    systemClock,
    createSender(undefined, 'slapos@localhost', outgoingPolicy(true)),
  )

  await assert.rejects(targets.add('PERS-1', 'webhook', 'ftp://x'), /no webhook address/)
  await targets.add('PERS-1', 'webhook', url)
  await targets.add('PERS-1', 'email', 'ada@example.com')
  await targets.tell(['PERS-1', 'PERS-2'], { title: 'shop is red', text: 'Lost', link: 'http://panel/', color: 'red' })
  assert.equal(heard.length, 1)
  assert.deepEqual([heard[0]?.color, heard[0]?.text], ['red', 'shop is red\nLost\nhttp://panel/'])
  const [first, mail] = await targets.list('PERS-1')
  assert.equal(first?.lastError, '')
  assert.match(mail?.lastError ?? '', /no mail server/)
  status = 500
  assert.match((await targets.test('PERS-1', first?.id ?? '')).lastError, /status 500/)
  await assert.rejects(targets.remove('PERS-2', first?.id ?? ''), /does not exist/)
})

test('a web hook does not lead into the network of the Master', async (t) => {
  let heard = 0
  const inside = createServer((_request, response) => {
    heard += 1
    response.writeHead(302, { location: 'http://127.0.0.1/' }).end()
  }).listen(0, '127.0.0.1')
  t.after(() => inside.close())
  await once(inside, 'listening')
  const { port } = inside.address() as AddressInfo
  const resolve = async () => [{ address: '127.0.0.1', family: 4 as const }]
  const guarded = createSender(undefined, 'x', outgoingPolicy(false, { schemes: ['https:', 'http:'], resolve }))
  const message: Message = { title: 'x', text: '', link: '', color: 'red' }
  for (const url of [
    `http://127.0.0.1:${port}/`,
    `http://hook.example:${port}/`,
    `http://[::ffff:127.0.0.1]:${port}/`,
  ]) {
    await assert.rejects(guarded('webhook', url, message), {
      code: 'HOOK_UNREACHABLE',
      message: /not a public address/,
    })
  }
  assert.equal(heard, 0)
  const open = createSender(undefined, 'x', outgoingPolicy(true))
  await assert.rejects(open('webhook', `http://127.0.0.1:${port}/`, message), { code: 'HOOK_REFUSED', message: /302/ })
  assert.equal(heard, 1)
})
