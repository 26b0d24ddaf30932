/** Rows of the tables that only the panel needs. Moments are wall-clock milliseconds. */
import type { Flag } from './domain.ts'

/** Where somebody wants to be told that something turned red or green. */
export interface NotificationTargetTable {
  readonly id: string
  /** `PERS-n` */
  readonly person: string
  readonly kind: 'webhook' | 'email'
  readonly target: string
  readonly enabled: Flag
  readonly created_at: number
  readonly last_sent: number | null
  readonly last_error: string
  /** Of web hooks: what signs the messages. */
  readonly secret: string
}

/** Answers of creations by `Idempotency-Key`, kept for a day. */
export interface IdempotentAnswerTable {
  readonly person: string
  readonly key: string
  readonly answer_json: string
  readonly at: number
}

export interface PanelTables {
  notification_target: NotificationTargetTable
  idempotent_answer: IdempotentAnswerTable
}
