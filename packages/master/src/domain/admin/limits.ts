import type { Cloud } from '../cloud.ts'
import type { Domain } from '../domain.ts'
import { limitOf } from '../limits.ts'
import { actorOf } from '../rights/actor.ts'
import { authorize } from '../rights/rights.ts'

export function limitCases({ runner, store }: Domain): Cloud['limits'] {
  return {
    set: (caller, name, scope, reference, value) =>
      runner.run(caller, async (unit) => {
        authorize(await actorOf(unit.sql, caller), 'limits.set', { name: 'limits' })
        await unit.sql
          .insertInto('resource_limit')
          .values({ scope, reference, name, value })
          .onConflict((conflict) => conflict.columns(['scope', 'reference', 'name']).doUpdateSet({ value }))
          .execute()
        unit.audit('limit.set', reference === '' ? scope : reference, null, { name, value })
      }),
    get: (name, scope, reference) => limitOf(store.read, name, scope, reference),
  }
}
