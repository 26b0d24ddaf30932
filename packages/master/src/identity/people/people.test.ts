import assert from 'node:assert/strict'
import { scryptSync } from 'node:crypto'
import { after, before, test } from 'node:test'
import { isSlapError } from '@slapos/base'
import { describeOnEachStore, stopClusterAfterTests } from '../../../test/stores.ts'
import { type TestIdentity, testIdentity } from '../testing.ts'
import { checkPassword, hashPassword, needsRehash } from './password.ts'
import { codeAt, matchCode } from './totp.ts'

const DAY = 86_400_000

stopClusterAfterTests()
describeOnEachStore('people', (database) => {
  let t: TestIdentity
  before(async () => {
    t = await testIdentity(await database())
    await t.person('PERS-1', 'Ada')
    await t.person('PERS-2', 'Bob')
    await t.identity.credentials.set('PERS-1', 'ada', 'correct horse')
  })
  after(() => t.close())

  const code = (expected: string) => (error: unknown) => isSlapError(error) && error.code === expected
  const logIn = (password: string, more: { login?: string; code?: string; address?: string } = {}) =>
    t.identity.credentials.verify({ login: 'ada', address: '192.0.2.1', ...more, password })

  test('a password is known by its hash only, and every hash has its own salt', async () => {
    const cheap = { memory: 1024, passes: 1, parallelism: 1 }
    const [one, two] = await Promise.all([hashPassword('secret', cheap), hashPassword('secret', cheap)])
    assert.notEqual(one, two)
    assert.ok(await checkPassword('secret', one))
    assert.ok(!(await checkPassword('Secret', one)))
    assert.ok(!(await checkPassword('secret', undefined)))
    assert.ok(!(await checkPassword('secret', 'in no way that we know')))
    assert.match(one, /^\$argon2id\$v=19\$m=1024,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    assert.ok(needsRehash(one), 'it cost less than ours')
  })

  test('a password that an earlier version hashed with scrypt is known, and hashed anew at the log-in', async () => {
    const salt = Buffer.from('0123456789abcdef')
    const key = scryptSync('an earlier one', salt, 32, { N: 1024, r: 8, p: 1 })
    const password = `scrypt$1024$8$1$${salt.toString('base64url')}$${key.toString('base64url')}`
    await t.person('PERS-3', 'Cyd')
    await t.identity.credentials.set('PERS-3', 'cyd', 'to be replaced')
    await t.store.tx((sql) => sql.updateTable('credential').set({ password }).where('person', '=', 'PERS-3').execute())
    await assert.rejects(logIn('an earlier tow', { login: 'cyd' }), code('LOGIN_REFUSED'))
    assert.equal(await logIn('an earlier one', { login: 'cyd' }), 'PERS-3')
    const row = await t.store.read
      .selectFrom('credential')
      .select('password')
      .where('person', '=', 'PERS-3')
      .executeTakeFirstOrThrow()
    assert.equal(needsRehash(row.password), false)
    assert.equal(await logIn('an earlier one', { login: 'cyd' }), 'PERS-3')
  })

  test('log-in: right, wrong, unknown name', async () => {
    assert.equal(await logIn('correct horse'), 'PERS-1')
    await assert.rejects(logIn('wrong horse'), code('LOGIN_REFUSED'))
    await assert.rejects(logIn('correct horse', { login: 'nobody' }), code('LOGIN_REFUSED'))
  })

  test('failed attempts are slowed down, per name and per address', async () => {
    const attempts = Array.from({ length: 7 }, () => logIn('guess', { login: 'victim', address: '192.0.2.7' }))
    const codes = (await Promise.allSettled(attempts)).map((result) =>
      result.status === 'rejected' && isSlapError(result.reason) ? result.reason.code : 'in',
    )
    assert.equal(codes.filter((each) => each === 'LOGIN_REFUSED').length, 5)
    assert.equal(codes.filter((each) => each === 'LOGIN_TOO_OFTEN').length, 2)
    await assert.rejects(logIn('correct horse', { address: '192.0.2.7' }), code('LOGIN_TOO_OFTEN'))
    assert.equal(await logIn('correct horse'), 'PERS-1', 'another place and name go on')
    t.advance(3_000)
    assert.equal(await logIn('correct horse', { address: '192.0.2.7' }), 'PERS-1')
  })

  test('weak passwords and taken or strange names are refused', async () => {
    const { credentials } = t.identity
    await assert.rejects(credentials.set('PERS-2', 'bob', 'short'), code('PASSWORD_WEAK'))
    await assert.rejects(credentials.set('PERS-2', 'ada', 'long enough 1'), code('LOGIN_TAKEN'))
    await assert.rejects(credentials.set('PERS-2', 'a b', 'long enough 1'), code('LOGIN_MALFORMED'))
  })

  test('codes of RFC 6238, once each', () => {
    // Appendix B, key "12345678901234567890", the last six digits.
    const key = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
    assert.equal(codeAt(key, Math.floor(59 / 30)), '287082')
    assert.equal(codeAt(key, Math.floor(1_111_111_109 / 30)), '081804')
    assert.equal(matchCode(key, '287 082', 59_000, 0), 1)
    assert.equal(matchCode(key, '287082', 59_000, 1), undefined)
    assert.equal(matchCode(key, '287082', 590_000, 0), undefined)
  })

  test('with one-time codes a password alone is not enough, and a code works once', async () => {
    const { credentials } = t.identity
    const { secret, uri } = await credentials.beginTotp('PERS-1')
    assert.match(uri, /^otpauth:\/\/totp\/SlapOS:ada\?secret=/)
    assert.equal(await logIn('correct horse'), 'PERS-1', 'not active before it is confirmed')
    const now = () => codeAt(secret, Math.floor(t.clock.now() / 30_000))
    await assert.rejects(credentials.confirmTotp('PERS-1', '000000x'), code('CODE_WRONG'))
    const recovery = await credentials.confirmTotp('PERS-1', now())
    assert.equal(new Set(recovery).size, 10)
    await assert.rejects(credentials.beginTotp('PERS-1'), code('TOTP_ON'), 'a session alone does not replace them')
    await assert.rejects(credentials.confirmTotp('PERS-1', now()), code('TOTP_ON'))
    await assert.rejects(logIn('correct horse'), code('CODE_NEEDED'))
    await assert.rejects(logIn('correct horse', { code: now() }), code('LOGIN_REFUSED'))
    t.advance(60_000)
    assert.equal(await logIn('correct horse', { code: now() }), 'PERS-1')
    const [first = '', second = ''] = recovery
    assert.equal(await logIn('correct horse', { code: first }), 'PERS-1')
    await assert.rejects(logIn('correct horse', { code: first }), code('LOGIN_REFUSED'), 'each works once')
    assert.equal(await logIn('correct horse', { code: second.replaceAll('-', ' ').toUpperCase() }), 'PERS-1')
    assert.deepEqual(await credentials.loginOf('PERS-1'), { login: 'ada', totp: true, recoveryCodes: 8 })
    await assert.rejects(credentials.disableTotp('PERS-1', 'wrong'), code('PASSWORD_WRONG'))
    await credentials.disableTotp('PERS-1', 'correct horse')
    assert.equal(await logIn('correct horse'), 'PERS-1')
  })

  test('sessions: found, listed, revoked at once, ended by time', async () => {
    const { sessions } = t.identity
    const open = () => sessions.open({ person: 'PERS-1', address: '192.0.2.1', userAgent: 'test' })
    const [first, second] = [await open(), await open()]
    assert.equal((await sessions.find(first.secret))?.session.person, 'PERS-1')
    assert.equal((await sessions.find(first.secret))?.csrf, first.csrf)
    assert.equal(await sessions.find('0'.repeat(64)), undefined)
    assert.equal((await sessions.list('PERS-1')).length, 2)
    await sessions.revoke('PERS-2', first.session.id)
    assert.ok(await sessions.find(first.secret), 'nobody ends the session of somebody else')
    await sessions.revoke('PERS-1', first.session.id)
    assert.equal(await sessions.find(first.secret), undefined)
    t.advance(6 * DAY)
    assert.ok(await sessions.find(second.secret), 'in use')
    t.advance(6 * DAY)
    assert.ok(await sessions.find(second.secret), 'use keeps it alive')
    t.advance(8 * DAY)
    assert.equal(await sessions.find(second.secret), undefined)
  })

  test('a changed password ends the other sessions', async () => {
    const { sessions, credentials } = t.identity
    const open = () => sessions.open({ person: 'PERS-1', address: '192.0.2.1', userAgent: 'test' })
    const [mine, other] = [await open(), await open()]
    await assert.rejects(credentials.change('PERS-1', 'wrong', 'another horse'), code('PASSWORD_WRONG'))
    await credentials.change('PERS-1', 'correct horse', 'another horse', mine.session.id)
    assert.ok(await sessions.find(mine.secret))
    assert.equal(await sessions.find(other.secret), undefined)
    assert.equal(await logIn('another horse'), 'PERS-1')
  })

  test('who sits before an open session does not get to try passwords for ever', async () => {
    const { credentials } = t.identity
    const tries = Array.from({ length: 7 }, () => credentials.change('PERS-1', 'a guess', 'another horse'))
    const codes = (await Promise.allSettled(tries)).map((result) =>
      result.status === 'rejected' && isSlapError(result.reason) ? result.reason.code : 'in',
    )
    assert.deepEqual(codes.sort(), [...Array(2).fill('LOGIN_TOO_OFTEN'), ...Array(5).fill('PASSWORD_WRONG')])
    t.advance(3_000)
    await credentials.change('PERS-1', 'another horse', 'another horse')
  })

  test('API tokens: found until they expire or are revoked', async () => {
    const { apiTokens } = t.identity
    const make = () => apiTokens.create({ person: 'PERS-1', title: 'ci', scope: 'read', lifeMs: DAY })
    const [one, two] = [await make(), await make()]
    assert.equal((await apiTokens.find(one.secret))?.scope, 'read')
    await apiTokens.revoke('PERS-2', one.record.id)
    assert.ok(await apiTokens.find(one.secret))
    await apiTokens.revoke('PERS-1', one.record.id)
    assert.equal(await apiTokens.find(one.secret), undefined)
    t.advance(2 * DAY)
    assert.equal(await apiTokens.find(two.secret), undefined)
  })

  test('a removed log-in has nothing left', async () => {
    const { credentials, sessions, apiTokens } = t.identity
    await credentials.set('PERS-2', 'bob', 'long enough 1')
    const session = await sessions.open({ person: 'PERS-2', address: '', userAgent: '' })
    const token = await apiTokens.create({ person: 'PERS-2', title: '', scope: 'write', lifeMs: DAY })
    await credentials.remove('PERS-2')
    assert.equal(await sessions.find(session.secret), undefined)
    assert.equal(await apiTokens.find(token.secret), undefined)
    assert.equal(await credentials.loginOf('PERS-2'), undefined)
  })
})
