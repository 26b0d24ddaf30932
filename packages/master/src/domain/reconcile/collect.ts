import { fixed } from '../../store/index.ts'
import type { Domain } from '../domain.ts'
import { destroyChild } from '../instance/destroy.ts'
import { instanceById } from '../rows.ts'

const SYSTEM = { kind: 'system' } as const
/** An instance that lost its requester waits this long to be requested by another one. */
export const ORPHAN_GRACE_MS = 15 * 60_000
/** Changes are kept for streams that come back. */
const OUTBOX_KEPT = 10_000
const TOMBSTONES_KEPT_MS = 7 * 24 * 3600_000

/** Destroys orphans that nobody adopted; what was below them is orphaned in turn. */
export async function collectOrphans({ store, runner, clock }: Domain, graceMs = ORPHAN_GRACE_MS): Promise<void> {
  const orphans = await store.read
    .selectFrom('instance')
    .select('id')
    .where('orphan_since', '<=', clock.now() - graceMs)
    .where('live', '=', fixed(1))
    .execute()
  for (const { id } of orphans) {
    await runner.run(SYSTEM, async (unit) => {
      const row = await instanceById(unit.sql, id)
      if (row && row.orphan_since !== null && row.state !== 'destroyed') await destroyChild(unit, row)
    })
  }
}

/** Keeps the outbox and the tombstones of slaves bounded. */
export async function trim({ store, clock }: Domain): Promise<void> {
  await store.tx(async (tx) => {
    const { value } = await tx
      .selectFrom('counter')
      .select('value')
      .where('name', '=', 'change')
      .executeTakeFirstOrThrow()
    await tx
      .deleteFrom('outbox')
      .where('seq', '<=', value - OUTBOX_KEPT)
      .execute()
    const old = (clock.now() - TOMBSTONES_KEPT_MS) * 1000
    const dropped = await tx
      .deleteFrom('hosted_slave')
      .where('present', '=', 0)
      .where('revision', '<', old)
      .returning(['partition_id', 'revision'])
      .execute()
    const floors = new Map<number, number>()
    for (const { partition_id, revision } of dropped) {
      floors.set(partition_id, Math.max(revision, floors.get(partition_id) ?? 0))
    }
    for (const [id, revision] of floors) {
      await tx
        .updateTable('partition')
        .set({ slaves_floor: revision })
        .where('id', '=', id)
        .where('slaves_floor', '<', revision)
        .execute()
    }
  })
}
