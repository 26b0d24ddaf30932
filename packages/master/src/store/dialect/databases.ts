import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

/** What a dialect gives to the store. */
export interface Databases {
  readonly kind: 'sqlite' | 'postgres'
  /** One connection: everything that writes goes through it, one transaction at a time. */
  readonly write: Kysely<Schema>
  /** Opened after the migrations. */
  openRead(): Kysely<Schema>
  /** The transaction failed only because of another one: the same again may succeed. */
  worthRetrying(error: unknown): boolean
  /** A commit that failed so left nothing: false when the answer to it may be what was lost. */
  surelyUndone(error: unknown): boolean
}
