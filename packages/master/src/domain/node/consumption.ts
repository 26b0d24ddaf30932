import { type ConsumptionTransaction, readConsumption } from '@slapos/slap'
import { masterErrors } from '../../errors.ts'
import type { Sql } from '../../store/index.ts'
import type { Cloud } from '../cloud.ts'
import type { Domain } from '../domain.ts'
import { idOf } from '../references.ts'
import { actorOf } from '../rights/actor.ts'
import { authorize } from '../rights/rights.ts'
import { computerSubject, findComputer } from '../rows.ts'
import { take } from '../unit/counters.ts'

/** Dates of reports carry no time zone: what is no further ahead than a day may be past where the node is. */
const ZONES_MS = 86_400_000

/** Usage reports. An accepted one is stored before the answer: nodes delete theirs then. */
export function consumptionCase({ runner }: Domain): Pick<Cloud['nodes'], 'consumption'> {
  return {
    consumption: (caller, computer, tioxml) =>
      runner.run(caller, async (unit) => {
        const row = await findComputer(unit.sql, computer)
        authorize(await actorOf(unit.sql, caller), 'nodes.consumption', await computerSubject(unit.sql, row))
        for (const transaction of readConsumption(tioxml)) await check(unit.sql, row, transaction, unit.now)
        await unit.sql
          .insertInto('consumption')
          .values({ id: await take(unit.sql, 'consumption'), computer_id: row.id, document: tioxml, at: unit.now })
          .execute()
      }),
  }
}

async function check(
  sql: Sql,
  computer: { readonly id: number; readonly reference: string },
  { stopDate, movements }: ConsumptionTransaction,
  now: number,
): Promise<void> {
  const stop = Date.parse(stopDate.replace(/ (at )?/, 'T').replace(/$/, 'Z'))
  if (stop > now + ZONES_MS) throw refused(`its end, ${stopDate}, is in the future`)
  for (const reference of new Set(movements.map((movement) => movement.reference))) {
    if (reference === '') throw refused('a movement has no reference')
    if (reference === computer.reference) continue
    if (idOf('computer', reference) !== undefined) throw refused(`${reference} is another node`)
    const instance = idOf('instance', reference)
    // Other names are the node's own: partitions and their users.
    if (instance !== undefined && !(await isOn(sql, instance, computer.id))) {
      throw refused(`${reference} does not run on ${computer.reference}`)
    }
  }
}

async function isOn(sql: Sql, instance: number, computer: number): Promise<boolean> {
  const row = await sql
    .selectFrom('instance')
    .innerJoin('partition', 'partition.id', 'instance.partition_id')
    .select('instance.id')
    .where('instance.id', '=', instance)
    .where('partition.computer_id', '=', computer)
    .executeTakeFirst()
  return row !== undefined
}

const refused = (reason: string) => masterErrors.VALUE_INVALID({ name: 'the usage report', reason })
