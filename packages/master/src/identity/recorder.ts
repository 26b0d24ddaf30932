import type { Sql } from '../store/index.ts'

/** What changed, for the audit log and for the event streams. Written in the transaction of the change itself. */
export interface IdentityChange {
  readonly kind: 'token' | 'certificate' | 'person'
  /** Public reference or id of what changed. */
  readonly reference: string
  readonly action: string
  readonly actor: string
  readonly project: string | null
  /** What the audit log names, when it is not the reference. */
  readonly target?: string
  /** From where, for the audit log. */
  readonly address?: string
}

export type Recorder = (sql: Sql, change: IdentityChange) => Promise<void>
