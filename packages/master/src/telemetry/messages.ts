import type { LogReport, UsageReport } from '@slapos/slap'
import type { HistoryEntry, LogLines, Past, UsagePoint } from './telemetry.ts'

/** What the Master's thread tells the database's thread: no answer, and nothing lost that matters. */
export interface Recording {
  readonly computer: string
  /** Master's clock. */
  readonly at: number
  readonly contact?: { readonly address: string; readonly agentVersion: string }
  readonly history?: readonly HistoryEntry[]
  readonly usage?: readonly UsageReport[]
  readonly logs?: readonly LogReport[]
  /** Bytes of all logs that are kept of this computer; what is oldest goes. */
  readonly logBytes?: number
  readonly forget?: true
}

export interface Contact {
  readonly computer: string
  readonly contact: number
  readonly address: string
  readonly agentVersion: string
}

/** Questions, by name. */
export interface Questions {
  contacts: { ask: Record<never, never>; answer: Contact[] }
  logs: { ask: { computer: string; source: string; offset: number; limit: number }; answer: LogLines }
  logSources: { ask: { computer: string }; answer: { source: string; at: number }[] }
  usage: { ask: { computer: string; partition: string; since: number }; answer: UsagePoint[] }
  history: { ask: { computer: string; partition: string | null; limit: number }; answer: HistoryEntry[] }
  past: { ask: { computer: string; since: number }; answer: Past }
  close: { ask: Record<never, never>; answer: true }
}
export type QuestionName = keyof Questions

export type ToWorker =
  | { readonly recordings: readonly Recording[] }
  | { readonly id: number; readonly name: QuestionName; readonly ask: Questions[QuestionName]['ask'] }
export type FromWorker =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failed: string }
