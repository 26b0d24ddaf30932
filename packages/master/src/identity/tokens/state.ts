import type { TokenTable } from '../../store/tables/identity.ts'
import type { TokenPurpose, TokenRecord, TokenState } from '../identity.ts'

/** A classic client has no key to be recognised by: it may come again only this long. */
export const CLASSIC_WINDOW_MS = 15 * 60_000

export function stateOf(row: TokenTable, now: number): TokenState {
  if (row.revoked !== null) return 'revoked'
  if (row.burnt !== null) return 'used'
  if (row.expires <= now) return 'expired'
  return row.binding === null ? 'unused' : 'in-use'
}

/** Why the token cannot be used for this; undefined when it can. `binding` is the machine that asks. */
export function refusalOf(
  row: TokenTable | undefined,
  purpose: TokenPurpose,
  binding: string | undefined,
  now: number,
): string | undefined {
  if (row === undefined) return 'it is unknown here'
  const state = stateOf(row, now)
  if (state === 'revoked') return 'it was revoked'
  if (state === 'used') return 'it was used'
  if (state === 'expired') return 'it has expired'
  if (row.purpose !== purpose) return `it is made for ${PURPOSES[row.purpose]}`
  if (row.binding === null) return undefined
  const late = !row.binding.startsWith('key:') && now - (row.bound ?? 0) > CLASSIC_WINDOW_MS
  return row.binding === binding && !late ? undefined : 'another machine used it first'
}

export function tokenRecord(row: TokenTable, now: number): TokenRecord {
  const { id, hint, purpose, person, created, expires } = row
  return {
    ...{ id, hint, purpose, person, created, expires },
    project: row.project ?? undefined,
    role: row.role ?? undefined,
    computer: row.computer ?? undefined,
    state: stateOf(row, now),
  }
}

const PURPOSES: Readonly<Record<TokenPurpose, string>> = {
  computer: 'registering a computer',
  person: 'a person’s certificate',
  invitation: 'an invitation',
}
