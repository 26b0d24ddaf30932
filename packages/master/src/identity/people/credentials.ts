import type { Clock } from '@slapos/base'
import type { Sql, Store } from '../../store/index.ts'
import type { CredentialTable } from '../../store/tables/identity.ts'
import { identityErrors } from '../errors.ts'
import type { Credentials, Sessions } from '../identity.ts'
import type { Recorder } from '../recorder.ts'
import { Attempts } from './attempts.ts'
import { checkPassword, hashPassword, needsRehash } from './password.ts'
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.ts'
import { matchCode, newTotpSecret, totpUri } from './totp.ts'

const LOGIN = /^[\p{L}\p{N}._@+-]{1,128}$/u
const SHORTEST = 10
const LONGEST = 1024

export interface CredentialsOptions {
  readonly store: Store
  readonly sessions: Sessions
  readonly record: Recorder
  readonly clock: Clock
}

export function createCredentials({ store, sessions, record, clock }: CredentialsOptions): Credentials {
  const attempts = new Attempts(clock)

  return {
    check(login, password) {
      if (!LOGIN.test(login)) throw identityErrors.LOGIN_MALFORMED()
      if (!isLongEnough(password)) throw identityErrors.PASSWORD_WEAK()
    },
    async set(person, login, password) {
      if (!LOGIN.test(login)) throw identityErrors.LOGIN_MALFORMED()
      const hash = await acceptable(password)
      await store.tx(async (sql) => {
        const holder = await sql.selectFrom('credential').select('person').where('login', '=', login).executeTakeFirst()
        if (holder && holder.person !== person) throw identityErrors.LOGIN_TAKEN({ login })
        await replace(sql, person, login, hash)
        await note(sql, person, 'password set')
      })
      await sessions.revokeAll(person)
    },
    async change(person, current, next, keepSession) {
      if (!isLongEnough(next)) throw identityErrors.PASSWORD_WEAK()
      await provePassword(person, current)
      const hash = await acceptable(next)
      await store.tx(async (sql) => {
        await update(sql, person, { password: hash, changed: clock.now() })
        await note(sql, person, 'password changed')
      })
      await sessions.revokeAll(person, keepSession)
    },
    async loginOf(person) {
      const row = await load(person)
      return row && { login: row.login, totp: row.totp_active === 1, recoveryCodes: codesOf(row).length }
    },
    async remove(person) {
      await store.tx(async (sql) => {
        await sql.deleteFrom('credential').where('person', '=', person).execute()
        await sql.deleteFrom('api_token').where('person', '=', person).execute()
        await sql.deleteFrom('feed').where('person', '=', person).execute()
        await note(sql, person, 'log-in removed')
      })
      await sessions.revokeAll(person)
    },
    async verify({ login, password, code, address }) {
      const keys = [`login:${login}`, `address:${address}`]
      const wait = attempts.waitFor(keys)
      if (wait > 0) throw identityErrors.LOGIN_TOO_OFTEN({ seconds: Math.ceil(wait / 1000) })
      // Counted before the slow check, so that many attempts at once are counted too; success takes it back.
      attempts.failed(keys)
      const credential = await byLogin(login)
      const right = password.length <= LONGEST && (await checkPassword(password, credential?.password))
      if (!right || credential === undefined) throw identityErrors.LOGIN_REFUSED()
      if (credential.totp_active === 1) {
        if (code === undefined || code === '') throw identityErrors.CODE_NEEDED()
        const accepted = (await useCode(credential.person, code)) || (await useRecoveryCode(credential.person, code))
        if (!accepted) throw identityErrors.LOGIN_REFUSED()
      }
      attempts.succeeded(keys)
      if (needsRehash(credential.password)) await rehash(credential, password)
      return credential.person
    },
    async beginTotp(person) {
      const secret = newTotpSecret()
      const credential = await load(person)
      // Else whoever finds a session open takes the second proof away without any.
      if (credential?.totp_active === 1) throw identityErrors.TOTP_ON()
      await store.tx((sql) => update(sql, person, { ...NO_TOTP, totp_secret: secret }))
      return { secret, uri: totpUri(secret, credential?.login ?? person) }
    },
    async confirmTotp(person, code) {
      if ((await load(person))?.totp_active === 1) throw identityErrors.TOTP_ON()
      await counted(person, async () => {
        if (!(await useCode(person, code))) throw identityErrors.CODE_WRONG()
      })
      const codes = newRecoveryCodes()
      await store.tx(async (sql) => {
        await update(sql, person, { totp_active: 1, recovery_json: JSON.stringify(codes.map(hashRecoveryCode)) })
        await note(sql, person, 'one-time codes enabled')
      })
      return codes
    },
    async disableTotp(person, password) {
      await provePassword(person, password)
      await store.tx(async (sql) => {
        await update(sql, person, NO_TOTP)
        await note(sql, person, 'one-time codes disabled')
      })
    },
  }

  /** A session that somebody left open is no way to try passwords or codes without end. */
  async function counted(person: string, attempt: () => Promise<void>): Promise<void> {
    const keys = [`person:${person}`]
    const wait = attempts.waitFor(keys)
    if (wait > 0) throw identityErrors.LOGIN_TOO_OFTEN({ seconds: Math.ceil(wait / 1000) })
    attempts.failed(keys)
    await attempt()
    attempts.succeeded(keys)
  }

  async function provePassword(person: string, password: string): Promise<void> {
    await counted(person, async () => {
      const credential = await load(person)
      if (!(await checkPassword(password, credential?.password))) throw identityErrors.PASSWORD_WRONG()
    })
  }

  function load(person: string) {
    return store.read.selectFrom('credential').selectAll().where('person', '=', person).executeTakeFirst()
  }

  function byLogin(login: string) {
    return store.read
      .selectFrom('credential')
      .innerJoin('person', 'person.reference', 'credential.person')
      .selectAll('credential')
      .where('credential.login', '=', login)
      .where('person.state', '=', 'active')
      .executeTakeFirst()
  }

  /** True once per code, also when it is sent twice at the same time. */
  function useCode(person: string, code: string): Promise<boolean> {
    return store.tx(async (sql) => {
      const row = await sql.selectFrom('credential').selectAll().where('person', '=', person).executeTakeFirst()
      if (!row?.totp_secret) return false
      const step = matchCode(row.totp_secret, code, clock.now(), row.totp_step)
      if (step === undefined) return false
      await update(sql, person, { totp_step: step })
      return true
    })
  }

  /** Each works once, also when it is sent twice at the same time. */
  function useRecoveryCode(person: string, code: string): Promise<boolean> {
    return store.tx(async (sql) => {
      const row = await sql.selectFrom('credential').selectAll().where('person', '=', person).executeTakeFirst()
      const codes = row === undefined ? [] : codesOf(row)
      const used = hashRecoveryCode(code)
      if (!codes.includes(used)) return false
      await update(sql, person, { recovery_json: JSON.stringify(codes.filter((each) => each !== used)) })
      await note(sql, person, 'recovery code used')
      return true
    })
  }

  async function rehash(credential: CredentialTable, password: string): Promise<void> {
    const hash = await hashPassword(password)
    await store.tx((sql) => update(sql, credential.person, { password: hash }))
  }

  /** One-time codes of the person stay. */
  async function replace(sql: Sql, person: string, login: string, password: string): Promise<void> {
    const changed = clock.now()
    const known = await sql.selectFrom('credential').select('person').where('person', '=', person).executeTakeFirst()
    if (known) return update(sql, person, { login, password, changed })
    const row: CredentialTable = { person, login, password, changed, ...NO_TOTP }
    await sql.insertInto('credential').values(row).execute()
  }

  async function update(sql: Sql, person: string, values: Partial<CredentialTable>): Promise<void> {
    await sql.updateTable('credential').set(values).where('person', '=', person).execute()
  }

  function note(sql: Sql, person: string, action: string): Promise<void> {
    return record(sql, { kind: 'person', reference: person, action, actor: person, project: null })
  }
}

const NO_TOTP = { totp_secret: null, totp_active: 0, totp_step: 0, recovery_json: '[]' } as const

const codesOf = ({ recovery_json }: CredentialTable): readonly string[] => JSON.parse(recovery_json)

async function acceptable(password: string): Promise<string> {
  if (!isLongEnough(password)) throw identityErrors.PASSWORD_WEAK()
  return hashPassword(password)
}

const isLongEnough = ({ length }: string): boolean => length >= SHORTEST && length <= LONGEST
