/** The web side of a real Master with the certificate of another authority, and behind a reverse proxy. */
import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { connect as connectHttp2 } from 'node:http2'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect } from 'node:tls'
import { messageOf, silentLogger, systemClock } from '@slapos/base'
import { type Authority, openAuthority } from '@slapos/master/identity/ca/authority.ts'
import { proxiesOf } from '@slapos/master/server/proxies.ts'
import { publiclyTrusted } from '@slapos/master/server/publicly-trusted.ts'
import { openWebCertificate } from '@slapos/master/server/web-certificate.ts'
import { registerNode } from '@slapos/node/commands/register.ts'
import { localPaths } from '@slapos/node/config/index.ts'
import { eventually } from './eventually.ts'
import { type MasterProcess, masterProcess, PASSWORD, slapos } from './master-process.ts'

const DAY = 86_400_000
let master: MasterProcess
/** The public authority of these tests. */
let authority: Authority
let files: { readonly cert: string; readonly key: string }

before(async () => {
  master = await masterProcess()
  authority = await openAuthority(join(master.directory, 'public'), systemClock)
  files = { cert: join(master.directory, 'fullchain.pem'), key: join(master.directory, 'privkey.pem') }
})
after(() => master?.close())

function pairFor(...names: readonly string[]) {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const subject = { commonName: names[0] ?? '' }
  const leaf = authority.issue({ subject, publicKey: createPublicKey(key), use: 'server', names, life: 90 * DAY })
  return { cert: leaf.pem + authority.issuing, key }
}

/** As ACME clients do: each file whole, one after the other. */
async function put(pair: { readonly cert: string; readonly key: string }): Promise<void> {
  for (const name of ['cert', 'key'] as const) {
    await writeFile(`${files[name]}.new`, pair[name], { mode: 0o600 })
    await rename(`${files[name]}.new`, files[name])
  }
}

/** Of the certificate that a new connection is shown, verified against that authority only. */
async function shown(url: string, ca: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), ca })
  await once(socket, 'secureConnect')
  const fingerprint = socket.getPeerX509Certificate()?.fingerprint256 ?? ''
  socket.destroy()
  return fingerprint
}
const fingerprintOf = ({ cert }: { readonly cert: string }) => new X509Certificate(cert).fingerprint256
const token = async (purpose: string) => (await master.ok('token', 'create', 'ada', '--for', purpose)).trim()
const start = () => master.start('--web-cert', files.cert, '--web-key', files.key)

test('what cannot be used is one clear line, and nothing starts', async () => {
  const refused = async (words: RegExp, ...options: readonly string[]) => {
    const { code, err } = await master.run('start', '--api', '127.0.0.1:0', '--web', '127.0.0.1:0', ...options)
    assert.notEqual(code, 0)
    assert.match(err, words)
    assert.equal(err.trim().split('\n').length, 1, err)
  }
  await refused(/--web-cert needs --web-key beside it/, '--web-cert', files.cert)
  await put({ ...pairFor('127.0.0.1'), key: pairFor('127.0.0.1').key })
  const both = ['--web-cert', files.cert, '--web-key', files.key]
  await refused(/cannot use \S+privkey\.pem for the web side: it is not the key of \S+fullchain\.pem/, ...both)
  await refused(/one\.example is no address of a proxy/, '--trusted-proxy', 'one.example')
  assert.deepEqual(proxiesOf(['192.0.2.1', '10.0.0.0/8', '2001:db8::/32']), [
    '192.0.2.1',
    '10.0.0.0/8',
    '2001:db8::/32',
  ])
  for (const text of ['10.0.0.0/33', '10.0.0.0/', '10.0.0/8', '::1/129', '']) {
    assert.throws(() => proxiesOf([text]), { code: 'PROXY_UNREADABLE' })
  }
  const options = { ...files, clock: systemClock, logger: silentLogger, onRenew: () => {} }
  const unusable = async (what: Partial<typeof files>, reason: RegExp) =>
    assert.rejects(openWebCertificate({ ...options, ...what }), (error) => reason.test(messageOf(error)))
  await unusable({ cert: join(master.directory, 'absent') }, /ENOENT/)
  await unusable({ cert: files.key }, /PEM|certificate/i)
  await unusable({ key: files.cert }, /for the web side/)
  const ended = { ...systemClock, now: () => Date.now() + 100 * DAY }
  await assert.rejects(openWebCertificate({ ...options, clock: ended }), /it ended on \d{4}-/)
})

test('the web side shows it, the API its own, and tokens pin the Master nevertheless', async () => {
  const pair = pairFor('127.0.0.1')
  await put(pair)
  await start()
  assert.match(master.webUrl, /^https:/)
  const own = await readFile(join(master.dataDirectory, 'pki/root.crt'), 'utf8')
  assert.equal(await shown(master.webUrl, authority.root), fingerprintOf(pair))
  assert.notEqual(await shown(master.apiUrl, own), fingerprintOf(pair))
  assert.match(await master.ok('status'), /^web certificate +ok +valid until /m)

  // The person knows only the web address; the token leaves the machine towards the pinned authority alone.
  const cfg = join(master.directory, 'client/slapos-client.cfg')
  const configured = await slapos(['configure', 'client', '--master-url-web', master.webUrl, '--cfg', cfg], {
    SLAPOS_TOKEN: await token('person'),
  })
  assert.equal(configured.code, 0, configured.err)
  assert.match(await readFile(cfg, 'utf8'), new RegExp(`^master_url = ${master.apiUrl}$`, 'm'))
  assert.equal((await slapos(['service', 'list', '--cfg', cfg])).code, 0)

  const home = join(master.directory, 'node')
  const reference = await registerNode({
    ...{ name: 'one', mode: 'local', token: await token('computer') },
    ...{ masterUrl: master.apiUrl, masterUrlWeb: master.webUrl, ipv4LocalNetwork: '127.5.7.0/24', log: () => {} },
    paths: localPaths(home, join(home, 'runtime')),
  })
  assert.equal(reference, 'COMP-0')
})

test('an impostor at the web address, or one that names its own API, never sees the token', async () => {
  const heard: string[] = []
  const own = await readFile(join(master.dataDirectory, 'pki/root.crt'), 'utf8')
  let named = ''
  const impostor = createServer(pairFor('127.0.0.1'), (asked, answer) => {
    heard.push(`${asked.method} ${asked.url} ${JSON.stringify(asked.headers)}`)
    if (asked.url === '/ca.crt') answer.setHeader('x-slapos-api-url', named).end(own)
    else answer.end('{}')
  }).listen(0, '127.0.0.1')
  await once(impostor, 'listening')
  const address = impostor.address()
  const web = `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`
  const cfg = join(master.directory, 'impostor/slapos-client.cfg')
  const secret = await token('person')
  const configure = () =>
    slapos(['configure', 'client', '--master-url-web', web, '--cfg', cfg], { SLAPOS_TOKEN: secret })
  try {
    named = web
    const { code, err } = await configure()
    assert.equal(code, 1)
    assert.match(err, /cannot get a certificate from/)
    // It may point to the right API: the token goes there, past it.
    named = master.apiUrl
    const passed = await configure()
    assert.equal(passed.code, 0, passed.err)
    assert.ok(
      heard.every((request) => request.startsWith('GET /ca.crt ')),
      heard.join('\n'),
    )
  } finally {
    impostor.close()
  }
})

test('exchanged files are shown without a restart; what does not fit is not', async () => {
  const before = await shown(master.webUrl, authority.root)
  const session = connectHttp2(master.webUrl, { ca: authority.root })
  try {
    await once(session, 'connect')
    const wrong = pairFor('127.0.0.1')
    await writeFile(files.cert, wrong.cert)
    await eventually('the complaint', async () => /is not the key of/.test(master.log))
    assert.equal(await shown(master.webUrl, authority.root), before)
    await writeFile(files.key, wrong.key)
    await eventually('the new one', async () => (await shown(master.webUrl, authority.root)) === fingerprintOf(wrong))
    const asked = session.request({ ':path': '/healthz' })
    const [headers] = await once(asked, 'response')
    assert.equal(Object(headers)[':status'], 200, 'a connection from before')
  } finally {
    session.destroy()
  }
  assert.equal(await master.end(), 0)
})

/** Where the proxy finds it. */
let web = ''

/** Logs in at the web side as through a proxy that says so. */
async function logIn(from: string | undefined, password: string) {
  const response = await fetch(new URL('api/v1/session', web), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(from !== undefined && { 'x-forwarded-for': from }) },
    body: JSON.stringify({ user: 'ada', password }),
  })
  return { status: response.status, cookie: response.headers.get('set-cookie') ?? '' }
}
async function sessionAddresses(cookie: string): Promise<readonly string[]> {
  const headers = { cookie: cookie.split(';')[0] ?? '' }
  const sessions: unknown = await (await fetch(new URL('api/v1/sessions', web), { headers })).json()
  assert.ok(Array.isArray(sessions))
  return sessions.map((session) => String(Object(session).address))
}

test('a proxy that is not named is not believed, and opens nothing that only this machine may see', async () => {
  await master.start()
  web = master.webUrl
  const { cookie, status } = await logIn('198.51.100.7', PASSWORD)
  assert.equal(status, 200)
  assert.deepEqual(await sessionAddresses(cookie), ['127.0.0.1'])
  const metrics = (headers: Record<string, string>) => fetch(new URL('metrics', web), { headers })
  assert.equal((await metrics({})).status, 200)
  assert.equal((await metrics({ 'x-forwarded-for': '198.51.100.7' })).status, 401)
  await master.end()
})

test('a named proxy is believed about where people are: sessions tell it, and one bad neighbour stops no other', async () => {
  const { port } = new URL(master.webUrl)
  const listen = ['--api', '127.0.0.1:0', '--web', `127.0.0.1:${port}`]
  await master.start(...listen, '--trusted-proxy', '127.0.0.1', '--web-url', 'https://cloud.example.org/')
  assert.equal(master.webUrl, 'https://cloud.example.org/')
  web = `http://127.0.0.1:${port}/`
  const { cookie } = await logIn('198.51.100.7', PASSWORD)
  assert.match(cookie, /^__Host-\S+=.*Secure/, 'people speak HTTPS with the proxy')
  assert.ok((await sessionAddresses(cookie)).includes('198.51.100.7'))
  const audit = await fetch(new URL('api/v1/audit', web), { headers: { cookie: cookie.split(';')[0] ?? '' } })
  const entries: { readonly action: string; readonly detail: string }[] = Object(await audit.json()).items
  assert.equal(entries.find(({ action }) => action === 'logged in')?.detail, '198.51.100.7')
  // What the visitor himself claims stands before what the proxy adds, and is not taken for the address.
  const lied = await logIn('203.0.113.99, 198.51.100.8', PASSWORD)
  assert.ok(!(await sessionAddresses(lied.cookie)).includes('203.0.113.99'))
  const guess = (from: string) =>
    fetch(new URL('api/v1/session', web), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
      body: JSON.stringify({ user: `nobody-${Math.random()}`, password: 'wrong' }),
    })
  const statuses: number[] = []
  for (let n = 0; n < 8; n++) statuses.push((await guess('198.51.100.66')).status)
  assert.equal(statuses.at(-1), 429, statuses.join())
  assert.equal((await guess('198.51.100.67')).status, 401)
  assert.equal((await logIn('198.51.100.7', PASSWORD)).status, 200)
})

test('a chain is public when it leads to a known authority, for that name', () => {
  const { cert } = pairFor('cloud.example.org', '192.0.2.1')
  const known = [authority.root]
  assert.ok(publiclyTrusted(cert, 'cloud.example.org', known))
  assert.ok(publiclyTrusted(cert, '192.0.2.1', known))
  assert.ok(!publiclyTrusted(cert, 'other.example.org', known))
  assert.ok(!publiclyTrusted(cert, 'cloud.example.org'), 'not an authority that every machine knows')
  assert.ok(!publiclyTrusted(cert.split(/(?<=-----END CERTIFICATE-----\n)/)[0] ?? '', 'cloud.example.org', known))
  assert.ok(!publiclyTrusted('', 'cloud.example.org', known))
})
