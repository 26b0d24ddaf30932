import type { LogReport } from '@slapos/slap'

/** Lines of one source that are kept while nobody reads it, and that one batch may hold. */
const TAIL = 50
const MOST_LINES = 500

interface Source {
  /** Lines seen in the life of this source. */
  total: number
  /** The last ones, not sent yet. */
  pending: string[]
  urgent: boolean
}

/** Recent lines by source. Only sources that are followed, or that failed, are handed out. */
export class LogBuffer {
  readonly #sources = new Map<string, Source>()
  #followed: ReadonlySet<string> = new Set()

  /** True: they should be sent soon. */
  add(source: string, lines: readonly string[], urgent: boolean): boolean {
    const entry = this.#sources.get(source) ?? { total: 0, pending: [], urgent: false }
    this.#sources.set(source, entry)
    entry.total += lines.length
    entry.pending.push(...lines)
    entry.urgent ||= urgent
    const most = this.#followed.has(source) ? MOST_LINES : TAIL
    if (entry.pending.length > most) entry.pending.splice(0, entry.pending.length - most)
    return entry.urgent || this.#followed.has(source)
  }

  /** True: somebody began to read a source of which there are lines. */
  follow(sources: readonly string[]): boolean {
    this.#followed = new Set(sources)
    return sources.some((source) => (this.#sources.get(source)?.pending.length ?? 0) > 0)
  }

  take(): readonly LogReport[] {
    const reports: LogReport[] = []
    for (const [source, entry] of this.#sources) {
      if (entry.pending.length === 0 || !(entry.urgent || this.#followed.has(source))) continue
      reports.push({ source, offset: entry.total - entry.pending.length, lines: entry.pending })
      entry.pending = []
      entry.urgent = false
    }
    return reports
  }

  /** What could not be sent comes first again. */
  restore(reports: readonly LogReport[]): void {
    for (const { source, lines } of reports) {
      const entry = this.#sources.get(source)
      if (!entry) continue
      entry.pending = [...lines, ...entry.pending].slice(-MOST_LINES)
      entry.urgent = true
    }
  }
}
