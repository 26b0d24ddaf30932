import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { after, before, it } from 'node:test'
import { createCertificateRequest } from '@slapos/base/csr.ts'
import { enrolComputer, enrolPerson, fetchPinnedCa, parseToken, referenceOf } from '@slapos/slap'
import { type TestIdentity, testIdentity } from '../../identity/testing.ts'
import { createEnrolment } from '../../identity/tokens/enrolment.ts'
import { type Listening, listening } from '../slap/testing.ts'
import { answerLoginChecks, caSurface, registrationSurface } from './index.ts'

let fixture: TestIdentity
let server: Listening

before(async () => {
  fixture = await testIdentity()
  await fixture.person('P-1', 'Ada')
  await fixture.identity.credentials.set('P-1', 'ada', 'correct horse battery')
  const { tokens, certificates, credentials } = fixture.identity
  const computers = new Map<string, string>()
  const enrolment = createEnrolment({
    tokens,
    certificates,
    createComputer: async ({ title }) => {
      const computer = computers.get(title) ?? `COMP-${computers.size}`
      computers.set(title, computer)
      return computer
    },
  })
  server = await listening(async (app) => {
    answerLoginChecks(app, credentials, [''])
    app.get('/', async () => 'the panel')
    await app.register(registrationSurface, { enrolment, credentials, tokens, masterUrl: () => 'https://master:5443/' })
    await app.register(caSurface, {
      caBundle: () => fixture.identity.caBundle(),
      masterUrl: () => 'https://master:5443/',
    })
  })
})
after(async () => {
  await server.close()
  await fixture.close()
})

const newToken = async (purpose: 'computer' | 'person') =>
  (await fixture.identity.tokens.create({ purpose, person: 'P-1' })).token

it('gives a classic node the text that it parses, and its key', async () => {
  const enrolled = await enrolComputer({ url: server.url }, { token: await newToken('computer') }, { title: 'classic' })
  assert.equal(referenceOf(enrolled.certificate), enrolled.reference)
  assert.match(enrolled.certificate, /^Subject: CN=COMP-\d+\/emailAddress=\S+\n-----BEGIN CERTIFICATE-----/)
  const key = createPrivateKey(enrolled.key ?? '')
  assert.ok(new X509Certificate(enrolled.certificate).checkPrivateKey(key))
  assert.equal(enrolled.masterUrl, 'https://master:5443/')
})

it('signs the request of our own node, whose key stays with it', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const csr = createCertificateRequest(privateKey, 'anything')
  const enrolled = await enrolComputer(
    { url: server.url },
    { token: await newToken('computer') },
    { title: 'own', csr },
  )
  assert.equal(enrolled.key, undefined)
  assert.ok(new X509Certificate(enrolled.certificate).checkPrivateKey(privateKey))
  assert.match(enrolled.reference ?? '', /^COMP-\d+$/)
  assert.equal(enrolled.ca, fixture.identity.authority.root)
})

it('refuses bad, missing and used tokens with 403', async () => {
  const token = await newToken('computer')
  await enrolComputer({ url: server.url }, { token }, { title: 'first' })
  const ask = (headers: Record<string, string>) =>
    fetch(`${server.url}/Person_requestComputer`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ title: 'x' }),
    })
  assert.equal((await ask({})).status, 403)
  assert.equal((await ask({ 'x-access-token': 'wrong' })).status, 403)
  assert.equal((await ask({ 'x-access-token': await newToken('person') })).status, 403)
})

it('says the words that existing clients look for when the name is in use', async () => {
  const enrolled = await enrolComputer({ url: server.url }, { token: await newToken('computer') }, { title: 'taken' })
  const { fingerprint256 } = new X509Certificate(enrolled.certificate)
  // Seen once: a machine has it.
  fixture.identity.certificates.find(fingerprint256.replaceAll(':', '').toLowerCase())
  const again = enrolComputer({ url: server.url }, { token: await newToken('computer') }, { title: 'taken' })
  await assert.rejects(again, (error) => /Certificate still active\./.test(Object(error).body))
})

it('accepts the double slash of a web address that ends with one', async () => {
  for (const name of ['Person_requestComputer', 'Person_getCertificate']) {
    const response = await fetch(`${server.url}//${name}`, { method: 'POST' })
    assert.equal(response.status, 403)
  }
})

it('gives a person his certificate', async () => {
  const response = await fetch(`${server.url}/Person_getCertificate`, {
    method: 'POST',
    headers: { 'x-access-token': await newToken('person') },
  })
  const answer = Object(await response.json())
  assert.deepEqual([response.status, answer.common_name], [200, 'P-1'])
  assert.match(answer.id, /^0x[0-9a-f]+$/)
  assert.match(answer.key, /PRIVATE KEY/)
  const enrolled = await enrolPerson({ url: server.url }, { token: await newToken('person') })
  assert.equal(enrolled.reference, 'P-1')
})

it('takes a name and a password in place of a token', async () => {
  const computer = { title: 'by password' }
  const good = { login: 'ada', password: 'correct horse battery' }
  assert.match((await enrolComputer({ url: server.url }, good, computer)).reference ?? '', /^COMP-/)
  const wrong = enrolComputer({ url: server.url }, { ...good, password: 'wrong' }, computer)
  await assert.rejects(wrong, { kind: 'refused' })
})

it('tells classic clients that name and password are right by a page with the word Logout', async () => {
  const page = async (url: string, password?: string) => {
    const authorization = `Basic ${Buffer.from(`ada:${password}`).toString('base64')}`
    const response = await fetch(`${server.url}${url}`, { headers: password === undefined ? {} : { authorization } })
    return [response.status, await response.text()] as const
  }
  assert.deepEqual(await page('/', 'correct horse battery'), [200, 'Logout\n'])
  assert.deepEqual(await page('//', 'correct horse battery'), [200, 'Logout\n'])
  assert.deepEqual(await page('/'), [200, 'the panel'])
  const [status, said] = await page('/', 'wrong')
  assert.equal(status, 401)
  assert.doesNotMatch(said, /Logout/)
})

it('refuses an unreadable request without using the token up', async () => {
  const token = await newToken('computer')
  const csr = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString()
  await assert.rejects(enrolComputer({ url: server.url }, { token }, { title: 'broken', csr }), { kind: 'rejected' })
  assert.ok((await enrolComputer({ url: server.url }, { token }, { title: 'broken' })).key)
})

it('serves the authority that tokens pin', async () => {
  const pin = parseToken(await newToken('computer'))?.pin ?? ''
  assert.equal(await fetchPinnedCa({ url: server.url }, pin), `${fixture.identity.authority.root.trim()}\n`)
})
