import type { AccessStatus } from './documents.ts'

/**
 * Access status: the last thing that a computer, instance or installation told, as one line whose first word consumers
 * test. The texts, spelling included, are those that existing programs know.
 */
export type StatusPrefix = '#access' | '#error' | '#building'

export const accessText = {
  contact: (computer: string) => `#access ${computer}`,
  building: (url: string) => `#building software release ${url}`,
  available: (url: string) => `#access software release ${url} available`,
  buildFailed: (url: string) => `#error while installing ${url}`,
  started: '#access Instance correctly started',
  stopped: '#access Instance correctly stopped',
  destroyed: '#access Instance correctly destroyed',
  instanceFailed: (message: string) => `#error while instanciating: ${[...message].slice(-80).join('')}`,
  instanceBang: (message: string) => `#error bang called: ${message}`,
  computerBang: (message: string) => (message === '' ? '#error bang' : `#error bang: ${message}`),
  noData: (reference: string) => `#error no data found for ${reference}`,
} as const

/** The first word, or undefined when the text is none of ours. */
export function prefixOf(text: string): StatusPrefix | undefined {
  return PREFIXES.find((prefix) => text.startsWith(prefix))
}

/** Names say 15 and 5 minutes; the limits that existing Masters apply are these. */
export const NO_DATA_15_MS = 432_000
export const NO_DATA_5_MS = 216_000

/** What is known of something that reported. Times are milliseconds of the wall clock. */
export interface StatusRecord {
  readonly user: string
  readonly at: number
  /** When the prefix last changed. */
  readonly since: number
  readonly state: string
  readonly text: string
}

export function accessStatus(
  subject: { readonly reference: string; readonly portalType: string },
  record: StatusRecord | undefined,
  now: number,
): AccessStatus {
  const { reference, portalType: portal_type } = subject
  if (!record) {
    const date = rfc1123(now)
    const text = accessText.noData(reference)
    return { user: 'SlapOS Master', created_at: date, since: date, state: '', text, reference, portal_type, no_data: 1 }
  }
  const age = now - record.at
  return {
    user: record.user,
    created_at: rfc1123(record.at),
    since: rfc1123(record.since),
    state: record.state,
    text: record.text,
    reference,
    portal_type,
    no_data_since_15_minutes: age > NO_DATA_15_MS ? 1 : 0,
    no_data_since_5_minutes: age > NO_DATA_5_MS ? 1 : 0,
  }
}

/** The record after a report: `since` survives while the prefix does, and a report without state keeps the old one. */
export function reported(
  before: StatusRecord | undefined,
  report: { readonly user: string; readonly at: number; readonly text: string; readonly state?: string },
): StatusRecord {
  const same = before !== undefined && prefixOf(before.text) === prefixOf(report.text)
  return {
    user: report.user,
    at: report.at,
    since: same ? before.since : report.at,
    state: report.state ?? before?.state ?? '',
    text: report.text,
  }
}

/** `Sun, 22 Nov 2026 10:18:43 GMT`. */
export const rfc1123 = (ms: number): string => new Date(ms).toUTCString()

const PREFIXES: readonly StatusPrefix[] = ['#access', '#error', '#building']
