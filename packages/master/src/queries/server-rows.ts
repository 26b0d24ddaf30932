import type { Status } from '../api/panel/schemas/index.ts'
import { readStatuses } from '../domain/status.ts'
import type { Context } from './context.ts'
import { computerStatus } from './indicators.ts'

/** Status of servers, from the last contact in memory or in the database. */
export async function serverStatuses(
  context: Context,
  computers: readonly string[],
): Promise<ReadonlyMap<string, { readonly status: Status; readonly contact: number | null }>> {
  const kept = await readStatuses(context.db, computers)
  const now = context.clock.now()
  return new Map(
    computers.map((computer) => {
      const facts = context.facts(computer)
      const stored = kept.get(computer)
      const contact = Math.max(facts?.contact ?? 0, stored?.at ?? 0) || null
      const trouble = stored && !stored.text.startsWith('#access') ? stored.text.replace(/^#\w+ ?/, '') : ''
      const failing = [...(facts?.processes.values() ?? [])]
        .filter(({ state }) => state === 'BACKOFF' || state === 'FATAL')
        .map(({ partition, name }) => `${partition}:${name}`)
      return [computer, { contact, status: computerStatus({ name: computer, contact, trouble, failing, now }) }]
    }),
  )
}
