import { fixed } from '../../store/index.ts'
import { allocate } from '../allocation/allocate.ts'
import type { Domain } from '../domain.ts'
import { instanceById } from '../rows.ts'

const SYSTEM = { kind: 'system' } as const

/**
 * Tries every waiting instance once, oldest first. Of those that ask for exactly the same, only the first is tried
 * after a refusal: the answer would be the same.
 */
export async function allocateWaiting({ store, runner, contacts }: Domain): Promise<void> {
  const waiting = await store.read
    .selectFrom('instance')
    .select(['id', 'project_id', 'tree_id', 'release_url', 'software_type', 'shared', 'filter_json', 'waiting_json'])
    .where('live', '=', fixed(1))
    .where('partition_id', 'is', null)
    .where('state', '<>', fixed('destroyed')) // as the index of those who wait says
    .where('state', '=', 'started')
    .orderBy('id')
    .execute()
  const refused = new Map<string, string>()
  for (const row of waiting) {
    // What a tree already holds matters only to `mode`; everything else of the demand is here.
    const tree = row.filter_json.includes('unique_by_network') ? row.tree_id : ''
    const demand = [row.project_id, row.release_url, row.software_type, row.shared, row.filter_json, tree].join('\n')
    if (refused.get(demand) === row.waiting_json) continue
    await runner.run(SYSTEM, async (unit) => {
      const now = await instanceById(unit.sql, row.id)
      if (!now || now.live === 0 || now.partition_id !== null || now.state !== 'started') return
      if (await allocate(unit, now, contacts.silence.bind(contacts))) return
      refused.set(demand, (await instanceById(unit.sql, row.id))?.waiting_json ?? '')
    })
  }
}
