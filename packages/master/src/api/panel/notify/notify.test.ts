import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { type AddressInfo, createServer as createMailServer } from 'node:net'
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
  const heard: { readonly message: Message; readonly body: string; readonly headers: IncomingHttpHeaders }[] = []
  let status = 200
  const hook = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    heard.push({ message: JSON.parse(body), body, headers: request.headers })
    response.writeHead(status).end()
  }).listen(0, '127.0.0.1')
  t.after(() => hook.close())
  await once(hook, 'listening')
  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`
  const sender = createSender(undefined, outgoingPolicy(true), systemClock)
  const noted: string[] = []
  const shown: string[] = []
  const targets = createNotificationTargets({
    ...{ store, clock: systemClock, send: sender, changed: (person) => void shown.push(person) },
    record: async (_tx, { action, target }) => void noted.push(`${action} ${target}`),
  })
  t.after(() => targets.close())

  await assert.rejects(targets.add('PERS-1', 'webhook', 'ftp://x'), /no webhook address/)
  for (const list of ['a@b.example,c@d.example', 'Eve <eve@example.org>', 'a@b@c', 'a@b\r\nbcc:x@y']) {
    await assert.rejects(targets.add('PERS-1', 'email', list), /no email address/, list)
  }
  await targets.add('PERS-1', 'webhook', url)
  await targets.add('PERS-1', 'email', 'ada@example.com')
  await targets.tell(['PERS-1', 'PERS-2'], { title: 'shop is red', text: 'Lost', link: 'http://panel/', color: 'red' })
  const settled = async () => {
    const [first, mail] = await targets.list('PERS-1')
    return first?.lastSent != null && mail?.lastError !== '' ? ([first, mail] as const) : undefined
  }
  const [first, mail] = await eventually(settled)
  assert.equal(heard.length, 1)
  const [{ message, body, headers } = assert.fail()] = heard
  assert.deepEqual([message.color, message.text], ['red', 'shop is red\nLost\nhttp://panel/'])
  const signed = createHmac('sha256', first.secret).update(`${headers['x-slapos-timestamp']}.${body}`).digest('hex')
  assert.equal(headers['x-slapos-signature'], `sha256=${signed}`)
  assert.equal(first.lastError, '')
  assert.match(mail?.lastError ?? '', /no mail server/)
  status = 500
  assert.match((await targets.test('PERS-1', first.id)).lastError, /status 500/)
  await assert.rejects(targets.remove('PERS-2', first.id), /does not exist/)
  assert.ok(shown.length >= 3 && shown.every((person) => person === 'PERS-1'))
  await targets.remove('PERS-1', first.id)
  assert.deepEqual(noted, [
    `notification added ${url}`,
    'notification added ada@example.com',
    `notification removed ${url}`,
  ])
  for (let n = 1; n < 20; n++) await targets.add('PERS-1', 'email', `ada+${n}@example.com`)
  await assert.rejects(targets.add('PERS-1', 'email', 'one@more.example'), { code: 'TARGETS_FULL' })
})

test('e-mail goes through the mail server that was given', async (t) => {
  const letters: string[] = []
  const server = createMailServer((socket) => {
    let letter: string | undefined
    socket.setEncoding('utf8').write('220 here\r\n')
    socket.on('data', (text: string) => {
      if (letter !== undefined) {
        letter += text
        if (!letter.endsWith('\r\n.\r\n')) return
        letters.push(letter)
        letter = undefined
        socket.write('250 taken\r\n')
        return
      }
      if (text.startsWith('DATA')) letter = ''
      socket.write(text.startsWith('DATA') ? '354 go on\r\n' : text.startsWith('QUIT') ? '221 bye\r\n' : '250 ok\r\n')
    })
  }).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const smtp = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`
  const send = createSender({ smtp, from: 'cloud@example.org' }, outgoingPolicy(false), systemClock)
  const message: Message = {
    title: 'shop is red',
    text: 'Failing: no space left',
    link: 'https://panel/x',
    color: 'red',
  }
  await send({ kind: 'email', target: 'ada@example.org', secret: '' }, message)
  assert.equal(letters.length, 1)
  for (const part of [
    'From: cloud@example.org',
    'To: ada@example.org',
    'Subject: shop is red',
    'no space left',
    'https://panel/x',
  ]) {
    assert.ok(letters[0]?.includes(part), `${part} in ${letters[0]}`)
  }
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
  const guarded = createSender(undefined, outgoingPolicy(false, { schemes: ['https:', 'http:'], resolve }), systemClock)
  const message: Message = { title: 'x', text: '', link: '', color: 'red' }
  for (const url of [
    `http://127.0.0.1:${port}/`,
    `http://hook.example:${port}/`,
    `http://[::ffff:127.0.0.1]:${port}/`,
  ]) {
    await assert.rejects(guarded({ kind: 'webhook', target: url, secret: 's' }, message), {
      code: 'HOOK_UNREACHABLE',
      message: /not a public address/,
    })
  }
  assert.equal(heard, 0)
  const open = createSender(undefined, outgoingPolicy(true), systemClock)
  await assert.rejects(open({ kind: 'webhook', target: `http://127.0.0.1:${port}/`, secret: 's' }, message), {
    code: 'HOOK_REFUSED',
    message: /302/,
  })
  assert.equal(heard, 1)
})

async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = performance.now() + 60_000; ; await new Promise((done) => setTimeout(done, 20))) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error('it did not come so')
  }
}
