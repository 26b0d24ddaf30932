import assert from 'node:assert/strict'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { after, before, test } from 'node:test'
import { isSlapError } from '@slapos/base'
import { createCertificateRequest } from '@slapos/base/csr.ts'
import { parseToken } from '@slapos/slap/token.ts'
import { describeOnEachStore, stopClusterAfterTests } from '../../../test/stores.ts'
import { type TestIdentity, testIdentity } from '../testing.ts'
import { createEnrolment, type Enrolled, type Enrolment } from './enrolment.ts'

const HOUR = 3_600_000

stopClusterAfterTests()
describeOnEachStore('tokens', (database) => {
  let t: TestIdentity
  let enrolment: Enrolment
  const titles = new Map<string, string>()

  before(async () => {
    t = await testIdentity(await database())
    enrolment = enrolmentOf(t)
  })
  after(() => t.close())

  /** Computers are living titles: the same title is the same computer. */
  function enrolmentOf({ identity }: TestIdentity): Enrolment {
    return createEnrolment({
      ...identity,
      createComputer: async ({ title }) => {
        const known = titles.get(title) ?? `COMP-${titles.size}`
        titles.set(title, known)
        return known
      },
    })
  }

  const newToken = async (project = 'PROJ-1') =>
    (await t.identity.tokens.create({ purpose: 'computer', person: 'PERS-1', project })).token
  const machine = () => createCertificateRequest(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'x')
  const register = (token: string, title: string, csr?: string, address = '192.0.2.1') =>
    enrolment.computer({ token, title, address, ...(csr === undefined ? {} : { csr }) })
  const refused = (code: string, words?: RegExp) => (error: unknown) => {
    assert.ok(isSlapError(error), String(error))
    assert.equal(error.code, code)
    if (words) assert.match(error.line, words)
    return true
  }
  const fingerprintOf = ({ certificate }: Enrolled) =>
    new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase()

  async function contact(enrolled: Enrolled): Promise<void> {
    assert.deepEqual(t.identity.certificates.find(fingerprintOf(enrolled)), {
      kind: 'computer',
      computer: enrolled.subject,
    })
    await t.identity.close() // waits for what the contact writes
  }

  test('a token pins the authority and is kept as a hash', async () => {
    const token = await newToken()
    assert.match(token, /^\d{8}-[0-9a-f]{32}\.[0-9a-f]{32}$/)
    assert.equal(parseToken(token)?.pin, t.identity.pin)
    const rows = await t.store.read.selectFrom('token').selectAll().execute()
    assert.ok(!JSON.stringify(rows).includes(parseToken(token)?.secret ?? ''))
  })

  test('reuse: after first contact the token is burnt', async () => {
    const token = await newToken()
    const csr = machine()
    await contact(await register(token, 'reuse', csr))
    await assert.rejects(register(token, 'reuse', csr), refused('TOKEN_REFUSED', /was used/))
    await assert.rejects(register(token, 'reuse-2', machine()), refused('TOKEN_REFUSED', /was used/))
  })

  test('a repetition by the same machine before first contact gives the same computer', async () => {
    const token = await newToken()
    const csr = machine()
    const first = await register(token, 'again', csr)
    const second = await register(token, 'another title now', csr)
    assert.equal(second.subject, first.subject)
    await contact(second)
  })

  test('another machine cannot take a token that is in use', async () => {
    const token = await newToken()
    await register(token, 'mine', machine())
    await assert.rejects(register(token, 'mine', machine()), refused('TOKEN_REFUSED', /another machine/))
  })

  test('of 100 machines that race with one token exactly one wins', async () => {
    const token = await newToken()
    const racers = Array.from({ length: 100 }, (_, n) => register(token, `racer-${n}`, machine()))
    const results = await Promise.allSettled(racers)
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
    for (const result of results) if (result.status === 'rejected') refused('TOKEN_REFUSED')(result.reason)
  })

  test('expired, revoked, unknown and misused tokens are refused', async () => {
    const expired = await newToken()
    t.advance(25 * HOUR)
    await assert.rejects(register(expired, 'late', machine()), refused('TOKEN_REFUSED', /expired/))
    const { token, record } = await t.identity.tokens.create({ purpose: 'computer', person: 'PERS-1' })
    await t.identity.tokens.revoke(record.id)
    await assert.rejects(register(token, 'revoked', machine()), refused('TOKEN_REFUSED', /revoked/))
    await assert.rejects(register('nonsense', 'x', machine()), refused('TOKEN_REFUSED', /unknown/))
    await assert.rejects(
      enrolment.person({ token: await newToken(), address: '' }),
      refused('TOKEN_REFUSED', /made for/),
    )
  })

  test('crash between consumption and delivery: the next Master process answers the same machine', async () => {
    const token = await newToken()
    const csr = machine()
    // Bound, and nothing more: the process died there.
    const binding = await t.identity.tokens.bind(token, 'computer', 'key:other').catch((error: unknown) => error)
    assert.ok(!isSlapError(binding))
    await assert.rejects(register(token, 'crash', csr), refused('TOKEN_REFUSED'))
    const second = await newToken()
    const first = await register(second, 'crash-2', csr)
    const again = await t.reopen()
    const [known] = await again.certificates.list('computer', first.subject)
    assert.equal(known?.fingerprint, fingerprintOf(first), 'a delivered certificate is known after a restart')
    const repeated = await createEnrolment({ ...again, createComputer: async () => 'COMP-never' }).computer({
      ...{ token: second, title: 'crash-2', csr, address: '192.0.2.1' },
    })
    assert.equal(repeated.subject, first.subject)
    await again.close()
  })

  test('a name whose machine is active is refused, and the token stays good for another name', async () => {
    await contact(await register(await newToken(), 'taken', machine()))
    const token = await newToken()
    const csr = machine()
    await assert.rejects(register(token, 'taken', csr), refused('CERTIFICATE_ACTIVE', /^Certificate still active\./))
    assert.notEqual((await register(token, 'taken-2', csr)).subject, titles.get('taken'))
  })

  test('after revocation a fresh token keys the same computer again', async () => {
    const first = await register(await newToken(), 'rekeyed', machine())
    await contact(first)
    assert.equal(await t.identity.certificates.revokeSubject('computer', first.subject), 1)
    assert.equal(t.identity.certificates.find(fingerprintOf(first)), undefined)
    const second = await register(await newToken(), 'rekeyed', machine())
    assert.equal(second.subject, first.subject)
  })

  test('classic clients: the pair in the form that they parse, repeatable from the same place for a short while', async () => {
    const token = await newToken()
    const first = await register(token, 'classic')
    assert.match(first.certificate, /^Subject: CN=COMP-\d+\/emailAddress=\S+\n-----BEGIN CERTIFICATE-----/)
    assert.equal(first.certificate.split('COMP-')[1]?.split('/email')[0], first.subject.slice('COMP-'.length))
    assert.match(first.key ?? '', /BEGIN PRIVATE KEY/)
    await assert.rejects(register(token, 'classic', undefined, '192.0.2.66'), refused('TOKEN_REFUSED'))
    const second = await register(token, 'classic')
    assert.equal(second.subject, first.subject)
    await contact(second)
    assert.equal(t.identity.certificates.find(fingerprintOf(first)), undefined, 'the pair that was not used is retired')
    const late = await newToken()
    await register(late, 'classic-late')
    t.advance(16 * 60_000)
    await assert.rejects(register(late, 'classic-late'), refused('TOKEN_REFUSED', /another machine/))
  })

  test('a renewal replaces the certificate at its first contact, not before', async () => {
    const first = await register(await newToken(), 'renewed', machine())
    await contact(first)
    const renewed = await t.identity.certificates.sign('computer', first.subject, machine(), 'all')
    assert.ok(t.identity.certificates.find(fingerprintOf(first)))
    assert.ok(t.identity.certificates.find(renewed.record.fingerprint))
    await t.identity.close()
    assert.equal(t.identity.certificates.find(fingerprintOf(first)), undefined)
    assert.ok(t.identity.certificates.find(renewed.record.fingerprint))
  })

  test('an invitation is redeemed once, also by many at the same time', async () => {
    const { token } = await t.identity.tokens.create({
      ...{ purpose: 'invitation', person: 'PERS-1', project: 'PROJ-1', role: 'member' },
    })
    assert.equal((await t.identity.tokens.inspect(token, 'invitation')).role, 'member')
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => t.identity.tokens.redeem(token, 'invitation')),
    )
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
  })

  test('the list tells the state of each token, and every change is recorded', async () => {
    const { record } = await t.identity.tokens.create({ purpose: 'computer', person: 'PERS-9', project: 'PROJ-9' })
    const listed = await t.identity.tokens.list({ projects: ['PROJ-9'] })
    assert.deepEqual(
      listed.map(({ id, state }) => [id, state]),
      [[record.id, 'unused']],
    )
    await t.identity.tokens.revoke(record.id)
    assert.equal((await t.identity.tokens.get(record.id))?.state, 'revoked')
    const actions = t.changes.filter(({ reference }) => reference === record.id).map(({ action }) => action)
    assert.deepEqual(actions, ['token created', 'token revoked'])
    assert.deepEqual(await t.identity.tokens.list({ projects: [] }), [])
  })

  test('the pair of an instance is made once and goes with its certificate', async () => {
    const { certificates } = t.identity
    const [first, same] = await Promise.all([
      certificates.ofInstance('SOFTINST-1'),
      certificates.ofInstance('SOFTINST-1'),
    ])
    assert.equal(first.key, same.key)
    assert.deepEqual(await certificates.ofInstance('SOFTINST-1'), first)
    const fingerprint = new X509Certificate(first.certificate).fingerprint256.replaceAll(':', '').toLowerCase()
    assert.deepEqual(certificates.find(fingerprint), { kind: 'instance', instance: 'SOFTINST-1' })
    await certificates.revokeSubject('instance', 'SOFTINST-1')
    assert.equal(certificates.find(fingerprint), undefined)
  })
})
