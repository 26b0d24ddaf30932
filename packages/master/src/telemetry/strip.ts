import type { HistoryEntry } from './telemetry.ts'

/** A stretch of time in which something was well, or not; outside of its stretches nothing is known. */
export interface Span {
  readonly from: number
  readonly to: number
  readonly ill: boolean
}

/** Bars of equal length: which share of the known time of each was well; null: nothing is known of it. */
export interface Strip {
  readonly bars: readonly (number | null)[]
  /** Of the whole time. */
  readonly share: number | null
}

const ILL: ReadonlySet<string> = new Set(['failing', 'BACKOFF', 'FATAL'])

/** From the changes of one promise or process, oldest first. */
export function spansOf(changes: readonly Pick<HistoryEntry, 'at' | 'state'>[], until: number): readonly Span[] {
  return changes.map(({ at, state }, index) => ({
    from: at,
    to: Math.max(at, changes[index + 1]?.at ?? until),
    ill: ILL.has(state),
  }))
}

/** From the moments at which a server measured itself: it was well in each step that has one. */
export function measuredSpans(steps: ReadonlySet<number>, stepMs: number, from: number, until: number): Span[] {
  const first = from - (from % stepMs)
  const count = Math.max(0, Math.ceil((until - first) / stepMs))
  return Array.from({ length: count }, (_, index) => first + index * stepMs).flatMap((step) => {
    const ill = !steps.has(step)
    // The last step has just begun: it may still come. Of the first, too little may have been left to measure anything.
    return ill && (step + stepMs > until || step < from)
      ? []
      : [{ from: Math.max(step, from), to: Math.min(step + stepMs, until), ill }]
  })
}

/** Of several things at once: ill while one of them is. */
export function stripOf(spans: readonly Span[], from: number, until: number, count: number): Strip {
  const length = (until - from) / count
  const known = new Array<number>(count).fill(0)
  const well = new Array<number>(count).fill(0)
  for (const { start, end, ill } of segments(spans, from, until)) {
    for (let bar = Math.floor((start - from) / length); bar < count && from + bar * length < end; bar += 1) {
      const part = Math.min(end, from + (bar + 1) * length) - Math.max(start, from + bar * length)
      known[bar] = (known[bar] ?? 0) + part
      if (!ill) well[bar] = (well[bar] ?? 0) + part
    }
  }
  const share = (good: number, all: number) => (all <= 0 ? null : Math.min(1, good / all))
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  return { bars: known.map((all, bar) => share(well[bar] ?? 0, all)), share: share(sum(well), sum(known)) }
}

/** Stretches in which the same things are known and ill, in order. */
function* segments(spans: readonly Span[], from: number, until: number) {
  const edges = spans
    .map((span) => ({ from: Math.max(span.from, from), to: Math.min(span.to, until), ill: span.ill ? 1 : 0 }))
    .filter((span) => span.from < span.to)
    .flatMap((span) => [
      { at: span.from, known: 1, ill: span.ill },
      { at: span.to, known: -1, ill: -span.ill },
    ])
    .sort((a, b) => a.at - b.at)
  let [known, ill, start] = [0, 0, from]
  for (const edge of edges) {
    if (known > 0 && edge.at > start) yield { start, end: edge.at, ill: ill > 0 }
    start = edge.at
    known += edge.known
    ill += edge.ill
  }
}
