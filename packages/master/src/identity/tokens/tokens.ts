import { randomBytes } from 'node:crypto'
import type { Clock } from '@slapos/base'
import { formatToken, parseToken } from '@slapos/slap/token.ts'
import type { Sql, Store } from '../../store/index.ts'
import type { TokenTable } from '../../store/tables/identity.ts'
import { identityErrors } from '../errors.ts'
import type { NewToken, TokenPurpose, Tokens } from '../identity.ts'
import type { Recorder } from '../recorder.ts'
import { hashSecret, newId } from '../secrets.ts'
import { refusalOf, tokenRecord } from './state.ts'

const DAY = 86_400_000

export interface TokensOptions {
  readonly store: Store
  /** See `Authority.pin`. */
  readonly pin: string
  readonly record: Recorder
  readonly clock: Clock
}

/** What enrolment needs beside the public interface. */
export interface TokenKeeper extends Tokens {
  /**
   * Ties the token to one machine: of two machines at once exactly one gets it, and the one that got it may come again
   * until the certificate that it received was used. Throws TOKEN_REFUSED.
   */
  bind(token: string, purpose: TokenPurpose, binding: string, address?: string): Promise<TokenTable>
  /** Remembers which computer the token made: a repetition answers the same one. */
  assign(id: string, computer: string): Promise<void>
}

export function createTokens({ store, pin, record, clock }: TokensOptions): TokenKeeper {
  return {
    async create(input) {
      const now = clock.now()
      const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '')
      const secret = `${day}-${randomBytes(16).toString('hex')}`
      const row = newRow(input, secret, now)
      await store.tx(async (sql) => {
        await sql.insertInto('token').values(row).execute()
        await note(sql, row, 'token created', input.person)
      })
      return { token: formatToken(secret, pin), record: tokenRecord(row, now) }
    },
    async get(id) {
      const row = await store.read.selectFrom('token').selectAll().where('id', '=', id).executeTakeFirst()
      return row && tokenRecord(row, clock.now())
    },
    async list(by) {
      const newest = store.read.selectFrom('token').selectAll().orderBy('created', 'desc').limit(500)
      const chosen = () => {
        if (by === 'all') return newest
        return 'projects' in by
          ? newest.where('project', 'in', [...by.projects])
          : newest.where('person', '=', by.person)
      }
      const none = by !== 'all' && 'projects' in by && by.projects.length === 0
      const rows = none ? [] : await chosen().execute()
      return rows.map((row) => tokenRecord(row, clock.now()))
    },
    revoke: (id) =>
      store.tx(async (sql) => {
        const row = await sql.selectFrom('token').selectAll().where('id', '=', id).executeTakeFirst()
        if (row === undefined || row.revoked !== null || row.burnt !== null) return
        await sql.updateTable('token').set({ revoked: clock.now() }).where('id', '=', id).execute()
        await note(sql, row, 'token revoked', row.person)
      }),
    async inspect(token, purpose) {
      const rows = await store.read.selectFrom('token').selectAll().where('hash', '=', hashOf(token)).execute()
      return tokenRecord(usable(rows[0], purpose, undefined), clock.now())
    },
    redeem: (token, purpose) =>
      store.tx(async (sql) => {
        const row = usable(await byText(sql, token), purpose, undefined)
        const burnt = clock.now()
        await sql.updateTable('token').set({ burnt }).where('id', '=', row.id).execute()
        await note(sql, row, 'token used', row.person)
        return tokenRecord({ ...row, burnt }, burnt)
      }),
    bind: (token, purpose, binding, address) =>
      store.tx(async (sql) => {
        const row = usable(await byText(sql, token), purpose, binding)
        if (row.binding !== null) return row
        const bound = { binding, bound: clock.now() }
        await sql.updateTable('token').set(bound).where('id', '=', row.id).execute()
        await note(sql, row, 'token in use', row.person, address)
        return { ...row, ...bound }
      }),
    assign: (id, computer) =>
      store.tx(async (sql) => {
        await sql.updateTable('token').set({ computer }).where('id', '=', id).execute()
      }),
  }

  function usable(row: TokenTable | undefined, purpose: TokenPurpose, binding: string | undefined): TokenTable {
    const reason = refusalOf(row, purpose, binding, clock.now())
    if (row === undefined || reason !== undefined) throw identityErrors.TOKEN_REFUSED({ reason: reason ?? 'unknown' })
    return row
  }

  function note(sql: Sql, row: TokenTable, action: string, actor: string, address?: string): Promise<void> {
    const from = address === undefined ? {} : { address }
    return record(sql, { kind: 'token', reference: row.id, action, actor, project: row.project, ...from })
  }
}

function newRow(input: NewToken, secret: string, now: number): TokenTable {
  return {
    id: newId(),
    hash: hashSecret(secret),
    hint: secret.slice(0, 13),
    purpose: input.purpose,
    person: input.person,
    project: input.project ?? null,
    role: input.role ?? null,
    created: now,
    expires: now + (input.lifeMs ?? (input.purpose === 'invitation' ? 7 * DAY : DAY)),
    binding: null,
    bound: null,
    computer: null,
    burnt: null,
    revoked: null,
  }
}

const hashOf = (token: string): string => hashSecret(parseToken(token)?.secret ?? '')

const byText = (sql: Sql, token: string) =>
  sql.selectFrom('token').selectAll().where('hash', '=', hashOf(token)).executeTakeFirst()
