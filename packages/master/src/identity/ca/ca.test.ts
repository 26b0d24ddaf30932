import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Clock, isSlapError, silentLogger, systemClock } from '@slapos/base'
import { createCertificateRequest } from '@slapos/base/csr.ts'
import { openAuthority } from './authority.ts'
import { keyFingerprint, readCertificateRequest } from './request.ts'
import { openServerCertificate } from './server-certificate.ts'

const YEAR = 365.25 * 86_400_000
let directory: string
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slapos-ca-'))
})
after(() => rm(directory, { recursive: true, force: true }))

const at = (offset: number): Clock => ({ ...systemClock, now: () => Date.now() + offset })
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })

async function openssl(...args: string[]): Promise<string> {
  return execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] }).toString()
}

test('openssl accepts the chain strictly, for clients and servers', async () => {
  const pki = join(directory, 'strict')
  const authority = await openAuthority(pki, systemClock)
  const { publicKey } = newKey()
  const client = authority.issue({
    subject: { commonName: 'COMP-1', email: 'node@slapos.invalid' },
    publicKey,
    use: 'client',
    life: YEAR,
  })
  const server = authority.issue({
    subject: { commonName: 'master.example' },
    publicKey,
    use: 'server',
    names: ['master.example', '127.0.0.1', '::1', '2001:db8::7:1'],
    life: YEAR,
  })
  await writeFile(join(pki, 'issuing.crt'), authority.issuing)
  for (const [name, text] of Object.entries({ client, server })) await writeFile(join(pki, name), text.pem)
  const verify = (purpose: string, file: string, ...more: string[]) =>
    openssl(
      ...['verify', '-x509_strict', '-purpose', purpose, '-CAfile', join(pki, 'root.crt')],
      ...['-untrusted', join(pki, 'issuing.crt'), ...more, join(pki, file)],
    )
  await verify('sslclient', 'client')
  await verify('sslserver', 'server', '-verify_hostname', 'master.example')
  await verify('sslserver', 'server', '-verify_ip', '2001:db8::7:1')
  await verify('sslserver', 'server', '-verify_ip', '127.0.0.1')
  await assert.rejects(verify('sslserver', 'client'))
  await assert.rejects(verify('sslserver', 'server', '-verify_ip', '127.0.0.2'))
  const leaf = new X509Certificate(client.pem)
  assert.ok(leaf.validFromDate.getTime() < Date.now() - 86_000_000, 'starts a day early')
  assert.equal(leaf.serialNumber, client.serial)
  assert.equal(leaf.fingerprint256.replaceAll(':', '').toLowerCase(), client.fingerprint)
})

test('keys are private files, and the same authority comes back', async () => {
  const pki = join(directory, 'again')
  const first = await openAuthority(pki, systemClock)
  const second = await openAuthority(pki, systemClock)
  assert.deepEqual([second.root, second.issuing, second.pin], [first.root, first.issuing, first.pin])
  for (const name of ['root.key', 'issuing.pem']) assert.equal((await stat(join(pki, name))).mode & 0o777, 0o600)
})

test('it works with the root key away', async () => {
  const pki = join(directory, 'offline')
  await openAuthority(pki, systemClock)
  await rm(join(pki, 'root.key'))
  const authority = await openAuthority(pki, systemClock)
  assert.ok(authority.issue({ subject: { commonName: 'x' }, publicKey: newKey().publicKey, use: 'client', life: YEAR }))
})

test('an ageing issuing authority is followed by another; what the former signed stays trusted', async () => {
  const pki = join(directory, 'rotation')
  const first = await openAuthority(pki, systemClock)
  const later = await openAuthority(pki, at(5 * YEAR))
  assert.equal(later.root, first.root)
  assert.notEqual(later.issuing, first.issuing)
  assert.ok(later.trusted.includes(first.issuing))
})

test('a damaged authority is refused, not replaced', async () => {
  const pki = join(directory, 'damaged')
  await openAuthority(pki, systemClock)
  await writeFile(join(pki, 'issuing.pem'), 'nothing')
  await assert.rejects(openAuthority(pki, systemClock), (error: unknown) => {
    assert.ok(isSlapError(error))
    assert.equal(error.code, 'AUTHORITY_DAMAGED')
    return true
  })
  assert.equal(await readFile(join(pki, 'issuing.pem'), 'utf8'), 'nothing')
})

test('the server certificate is renewed at half of its life, and when a name is added', async () => {
  const pki = join(directory, 'server')
  let offset = 0
  const clock: Clock = { ...systemClock, now: () => Date.now() + offset }
  const authority = await openAuthority(pki, clock)
  const renewed: string[] = []
  const open = (names: readonly string[]) =>
    openServerCertificate({
      directory: pki,
      authority,
      names,
      clock,
      logger: silentLogger,
      onRenew: ({ cert }) => renewed.push(cert),
    })
  const first = await open(['127.0.0.1'])
  first.close()
  const same = await open(['127.0.0.1'])
  assert.equal(same.current().cert, first.current().cert)
  assert.equal(await same.renewIfDue(), false)
  offset = 0.6 * YEAR
  assert.equal(await same.renewIfDue(), true)
  same.close()
  assert.equal(renewed.length, 1)
  const more = await open(['127.0.0.1', 'localhost', '::1'])
  more.close()
  assert.notEqual(more.current().cert, renewed[0])
  assert.equal(new X509Certificate(more.current().cert).checkHost('localhost'), 'localhost')
})

test('a request proves possession; only its key is taken', () => {
  const { privateKey, publicKey } = newKey()
  const request = createCertificateRequest(privateKey, 'COMP-666')
  assert.equal(keyFingerprint(readCertificateRequest(request)), keyFingerprint(publicKey))
})

test('a request made by openssl with an RSA key is read', async () => {
  const key = join(directory, 'rsa.key')
  const text = await openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-subj', '/CN=a/O=b')
  const expected = createPublicKey(await readFile(key))
  assert.equal(keyFingerprint(readCertificateRequest(text)), keyFingerprint(expected))
})

test('forged, weak and broken requests are refused', async () => {
  const key = join(directory, 'weak.key')
  const weak = await openssl('req', '-new', '-newkey', 'rsa:1024', '-nodes', '-keyout', key, '-subj', '/CN=a')
  const good = createCertificateRequest(newKey().privateKey, 'x')
  const bytes = Buffer.from(good.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  const forged = Buffer.from(bytes)
  const last = forged.length - 1
  forged.writeUInt8(forged.readUInt8(last) ^ 1, last)
  const wrap = (data: Buffer) =>
    `-----BEGIN CERTIFICATE REQUEST-----\n${data.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`
  for (const text of [weak, wrap(forged), wrap(bytes.subarray(0, 60)), '', 'x'.repeat(20_000)]) {
    assert.throws(
      () => readCertificateRequest(text),
      (error: unknown) => isSlapError(error) && error.code === 'REQUEST_UNREADABLE',
    )
  }
})
