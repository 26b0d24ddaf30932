import { fixed, prepared, type Sql } from '../../store/index.ts'
import { listOf } from '../dictionary.ts'
import type { NodeCandidate } from './choose.ts'

const ORDINARY = '[]'

/**
 * The first free partition of a node, in the node's order, or why there is none. Partitions with capabilities are kept
 * for those who ask for one of them.
 */
export async function freePartition(
  tx: Sql,
  { id, used, total }: NodeCandidate,
  capability: string | undefined,
): Promise<number | string> {
  if (capability === undefined) {
    const first = used < total ? await firstOf(tx, id, ORDINARY) : undefined
    if (first !== undefined) return first
    return used < total ? 'has only free partitions with special capabilities' : 'has no free partition'
  }
  const groups = await tx
    .selectFrom('partition')
    .select(['capabilities_json', (eb) => eb.fn.min('position').as('position')])
    .where('computer_id', '=', id)
    .where('state', '=', fixed('free'))
    .where('listed', '=', fixed(1))
    .groupBy('capabilities_json')
    .orderBy('position')
    .execute()
  for (const { capabilities_json } of groups) {
    if (!listOf<string>(capabilities_json).includes(capability)) continue
    const first = await firstOf(tx, id, capabilities_json)
    if (first !== undefined) return first
  }
  return `has no free partition with capability ${capability}`
}

/** One step in the index of free partitions, however many there are. */
async function firstOf(tx: Sql, computerId: number, capabilities: string): Promise<number | undefined> {
  const [row] = await firstFree(tx, { computerId, capabilities })
  return row?.id
}

const firstFree = prepared((db, { computerId, capabilities }: { computerId: number; capabilities: string }) =>
  db
    .selectFrom('partition')
    .select('id')
    .where('computer_id', '=', computerId)
    .where('capabilities_json', '=', capabilities)
    .where('state', '=', fixed('free'))
    .where('listed', '=', fixed(1))
    .orderBy('position')
    .orderBy('id')
    .limit(1),
)
