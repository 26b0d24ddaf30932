import { masterErrors } from '../../errors.ts'
import type { Cloud, LimitScope } from '../cloud.ts'
import type { Domain } from '../domain.ts'
import { LIMITS, type LimitName, limitOf } from '../limits.ts'
import { actorOf } from '../rights/actor.ts'
import { authorize } from '../rights/rights.ts'

const MOST_KEPT = 20_000

export function limitCases({ runner, store }: Domain): Cloud['limits'] {
  /** Nodes are measured against theirs at every batch. Only `set` changes one, and this is the only Master. */
  const kept = new Map<string, Promise<number>>()

  return {
    async set(caller, name, scope, reference, value) {
      check(name, scope, reference, value)
      await runner.run(caller, async (unit) => {
        authorize(await actorOf(unit.sql, caller), 'limits.set', { name: 'limits' })
        await unit.sql
          .insertInto('resource_limit')
          .values({ scope, reference, name, value })
          .onConflict((conflict) => conflict.columns(['scope', 'reference', 'name']).doUpdateSet({ value }))
          .execute()
        unit.audit('limit.set', reference === '' ? scope : reference, null, { name, value })
      })
      kept.clear()
    },
    get(name, scope, reference) {
      const key = `${name} ${scope} ${reference}`
      const known = kept.get(key)
      if (known) return known
      const found = limitOf(store.read, name, scope, reference)
      if (kept.size >= MOST_KEPT) kept.clear()
      kept.set(key, found)
      found.catch(() => kept.delete(key))
      return found
    },
    async list() {
      const rows = await store.read
        .selectFrom('resource_limit')
        .select(['name', 'scope', 'reference', 'value'])
        .orderBy('name')
        .orderBy('scope')
        .orderBy('reference')
        .execute()
      return Object.entries(LIMITS).map(([name, built]) => {
        const own = rows.filter((row) => row.name === name)
        return {
          name,
          value: own.find(({ scope }) => scope === 'default')?.value ?? built,
          exceptions: own.flatMap(({ scope, reference, value }) => (scope === 'default' ? [] : [{ reference, value }])),
        }
      })
    },
  }
}

/** What a limit is measured on. */
const SCOPES: Readonly<Record<LimitName, readonly LimitScope[]>> = {
  instances: ['project'],
  slaves: ['project'],
  computers: ['project'],
  parameter_bytes: ['project'],
  telemetry_bytes_per_minute: ['computer'],
  log_bytes: ['computer'],
  streams: ['computer', 'person'],
}

function check(name: LimitName, scope: LimitScope | 'default', reference: string, value: number): void {
  const refuse = (reason: string) => masterErrors.LIMIT_INVALID({ reason })
  if (!Object.hasOwn(LIMITS, name))
    throw refuse(`there is no limit ${name}; there are ${Object.keys(LIMITS).join(', ')}`)
  if (!Number.isSafeInteger(value) || value < 0) throw refuse('the value is a whole number from 0 on')
  if ((scope === 'default') !== (reference === '')) throw refuse('a default is of nobody')
  if (scope !== 'default' && !SCOPES[name].includes(scope)) {
    throw refuse(`${name} is measured for each ${SCOPES[name].join(' or ')}, and ${reference} is none`)
  }
}
