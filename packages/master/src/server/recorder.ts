import type { Clock } from '@slapos/base'
import type { Change } from '../domain/cloud.ts'
import { positionOf } from '../domain/position.ts'
import { nextRevision, take } from '../domain/unit/counters.ts'
import type { Recorder } from '../identity/index.ts'
import type { Sql, Store } from '../store/index.ts'

/** Identity's changes, in the audit log and the outbox beside the domain's own. */
export interface RecordedStore {
  /** A store whose transactions tell, once committed, what `record` noted in them. */
  readonly store: Store
  readonly record: Recorder
}

export function recordChanges(
  store: Store,
  clock: Clock,
  epoch: () => string,
  announce: (change: Change) => void,
): RecordedStore {
  const noted = new WeakMap<Sql, Change[]>()
  return {
    store: {
      ...store,
      async tx(work) {
        const { result, changes } = await store.tx(async (sql) => {
          const changes: Change[] = []
          noted.set(sql, changes)
          return { result: await work(sql), changes }
        })
        for (const change of changes) announce(change)
        return result
      },
    },
    record: async (sql, { kind, reference, action, actor, project, target = reference, address }) => {
      const at = clock.now()
      const revision = await nextRevision(sql, at)
      const seq = await take(sql, 'change')
      const change = { kind, reference, computer: null, project, revision }
      await sql
        .insertInto('outbox')
        .values({ ...change, seq, at, command_json: null, gone: 0 })
        .execute()
      await sql
        .insertInto('audit')
        .values({
          ...{ id: await take(sql, 'audit'), at, actor, via: 'identity', action },
          ...{ target, project, detail_json: JSON.stringify(address === undefined ? {} : { address }) },
        })
        .execute()
      noted.get(sql)?.push({ id: positionOf(epoch(), seq), ...change })
    },
  }
}
