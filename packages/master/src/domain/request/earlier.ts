import type { InstanceRow } from '../rows.ts'
import { nameOf } from '../unit/runner.ts'
import type { Unit } from '../unit/unit.ts'

const MOST = 50

/** What makes a version: not the state, which a button changes. */
const ASKED = ['release_url', 'software_type', 'parameters_json', 'filter_json'] as const

/** Keeps what was asked for until now, when something else is asked for. Of services only: children follow their requester. */
export async function keepEarlier(unit: Unit, row: InstanceRow, changed: readonly string[]): Promise<void> {
  if (row.parent_id !== null || !ASKED.some((key) => changed.includes(key))) return
  const { release_url, software_type, parameters_json, filter_json, revision } = row
  await unit.sql
    .insertInto('earlier_version')
    .values({
      ...{ instance_id: row.id, revision, replaced_at: unit.now, replaced_by: nameOf(unit.caller).actor },
      ...{ release_url, software_type, parameters_json, filter_json },
    })
    .execute()
  await unit.sql
    .deleteFrom('earlier_version')
    .where('instance_id', '=', row.id)
    .where('revision', '<=', (eb) =>
      eb
        .selectFrom('earlier_version as old')
        .select('old.revision')
        .where('old.instance_id', '=', row.id)
        .orderBy('old.revision', 'desc')
        .offset(MOST)
        .limit(1),
    )
    .execute()
}

/** What is destroyed is not asked for again; its parameters may hold secrets. */
export async function forgetEarlier(unit: Unit, treeId: number): Promise<void> {
  const instances = unit.sql.selectFrom('instance').select('id').where('tree_id', '=', treeId)
  await unit.sql.deleteFrom('earlier_version').where('instance_id', 'in', instances).execute()
}
