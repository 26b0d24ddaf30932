import type { Clock } from '@slapos/base'
import type { Store } from '../../store/index.ts'

/** Answers of creations, kept for a day, so that a repeated request does not create twice. */
export interface IdempotencyStore {
  find(person: string, key: string): Promise<string | undefined>
  keep(person: string, key: string, answer: string): Promise<void>
}

const KEPT_MS = 86_400_000

export function createIdempotencyStore(store: Store, clock: Clock): IdempotencyStore {
  return {
    async find(person, key) {
      const row = await store.read
        .selectFrom('idempotent_answer')
        .select('answer_json')
        .where('person', '=', person)
        .where('key', '=', key)
        .where('at', '>', clock.now() - KEPT_MS)
        .executeTakeFirst()
      return row?.answer_json
    },
    async keep(person, key, answer_json) {
      const at = clock.now()
      await store.tx(async (tx) => {
        await tx
          .deleteFrom('idempotent_answer')
          .where('at', '<', at - KEPT_MS)
          .execute()
        await tx
          .insertInto('idempotent_answer')
          .values({ person, key, answer_json, at })
          .onConflict((conflict) => conflict.columns(['person', 'key']).doUpdateSet({ answer_json, at }))
          .execute()
      })
    },
  }
}
