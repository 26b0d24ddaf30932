import { computerIndicator, type Indicator, indicator } from '../domain/indicator/indicator.ts'
import { readStatuses } from '../domain/status.ts'
import type { IndicatorContext } from './indicator-context.ts'

export interface ServerFacts {
  readonly indicator: Indicator
  readonly contact: number | null
}

/** Indicators of servers, from the last contact in memory or in the database. */
export async function serverIndicators(
  context: IndicatorContext,
  computers: readonly string[],
): Promise<ReadonlyMap<string, ServerFacts>> {
  if (computers.length === 0) return new Map()
  const [kept, rows] = await Promise.all([
    readStatuses(context.db, computers),
    context.db
      .selectFrom('computer')
      .select(['reference', 'scope', 'created_at'])
      .where('reference', 'in', [...computers])
      .execute(),
  ])
  const now = context.clock.now()
  return new Map(
    rows.map(({ reference, scope, created_at }) => {
      const facts = context.facts(reference)
      const stored = kept.get(reference)
      const contact = Math.max(facts?.contact ?? 0, stored?.at ?? 0) || null
      const since = stored?.since ?? facts?.contact ?? now
      const { text, detail } = stored ?? { text: `#access ${reference}`, detail: '' }
      const reported = contact === null ? undefined : { text, detail, at: contact, since }
      const own = computerIndicator({ status: reported, scope, createdAt: created_at, now })
      return [reference, { contact, indicator: own.colour === 'green' ? withProcesses(own, facts) : own }]
    }),
  )
}

/** As the tutorial says: yellow when one of the processes has a problem. */
function withProcesses(own: Indicator, facts: ReturnType<IndicatorContext['facts']>): Indicator {
  const failing = [...(facts?.processes.values() ?? [])].filter(({ state }) => state === 'BACKOFF' || state === 'FATAL')
  const [first] = failing
  if (!first) return own
  const more = failing.length > 1 ? ` (and ${failing.length - 1} more)` : ''
  return indicator('yellow', 'Failing process', `${first.partition}:${first.name} keeps failing${more}`, first.since)
}
