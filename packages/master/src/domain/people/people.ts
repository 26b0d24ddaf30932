import { masterErrors } from '../../errors.ts'
import type { Reader, Sql } from '../../store/index.ts'
import type { Cloud } from '../cloud.ts'
import type { Domain } from '../domain.ts'
import { idOf, referenceOf } from '../references.ts'
import { actorOf } from '../rights/actor.ts'
import { authorize } from '../rights/rights.ts'
import { take } from '../unit/counters.ts'

export function peopleCases({ runner, store }: Domain): Cloud['people'] {
  return {
    create: (caller, { name, email, operator = false }) =>
      runner.run(caller, async (unit) => {
        authorize(await actorOf(unit.sql, caller), 'people.create', { name: 'people' })
        const id = await take(unit.sql, 'person')
        const reference = referenceOf('person', id)
        await unit.sql
          .insertInto('person')
          .values({ id, reference, name, email, operator: operator ? 1 : 0, state: 'active', created_at: unit.now })
          .execute()
        unit.tell('person', reference)
        unit.audit('person.create', reference, null, { name, email, operator })
        return reference
      }),

    change: (caller, person, set) =>
      runner.run(caller, async (unit) => {
        const row = await findPerson(unit.sql, person)
        authorize(await actorOf(unit.sql, caller), 'people.change', { name: person, personId: row.id })
        await unit.sql.updateTable('person').set(set).where('id', '=', row.id).execute()
        unit.tell('person', person)
        unit.audit('person.change', person, null, set)
      }),

    disable: (caller, person) =>
      runner.run(caller, async (unit) => {
        authorize(await actorOf(unit.sql, caller), 'people.create', { name: 'people' })
        const row = await findPerson(unit.sql, person)
        await unit.sql.updateTable('person').set({ state: 'disabled' }).where('id', '=', row.id).execute()
        await unit.sql.deleteFrom('membership').where('person_id', '=', row.id).execute()
        unit.tell('person', person, { gone: true })
        unit.audit('person.disable', person, null)
      }),

    async get(caller, person) {
      authorize(await actorOf(store.read, caller), 'people.get', { name: person })
      const { reference, name, email, operator } = await findPerson(store.read, person)
      return { person: reference, name, email, operator: operator === 1 }
    },
  }
}

export async function findPerson(db: Reader | Sql, reference: string) {
  const row = await db
    .selectFrom('person')
    .selectAll()
    .where('id', '=', idOf('person', reference) ?? -1)
    .where('state', '=', 'active')
    .executeTakeFirst()
  if (!row) throw masterErrors.NOT_FOUND({ what: reference })
  return row
}
