import type { ExpressionBuilder } from 'kysely'
import { fixed, type Reader, type Schema, type Sql } from '../../store/index.ts'
import { dictionaryOf } from '../dictionary.ts'
import { referenceOf } from '../references.ts'
import type { ComputerRow } from '../rows.ts'
import type { NodeFacts } from './choose.ts'

/** Says why a node is not contacted; undefined when it is. */
export type Silence = (computer: Pick<ComputerRow, 'reference'>) => string | undefined

/** Nodes where a project may place instances. */
export function usableComputers(tx: Reader | Sql, projectId: number) {
  return tx
    .selectFrom('computer')
    .select([
      'computer.id',
      'computer.reference',
      'computer.scope',
      'computer.network_id',
      'computer.categories_json',
      'computer.capacity',
      'computer.free_count',
      'computer.busy_count',
    ])
    .where('computer.live', '=', fixed(1))
    .where('computer.scope', '<>', 'close/forever')
    .where(usableBy([projectId]))
}

/** Of computers: those that belong to one of these projects, or are shared with it. */
export const usableBy = (projects: readonly number[]) => (eb: ExpressionBuilder<Schema, 'computer'>) =>
  eb.or([
    eb('computer.project_id', 'in', projects),
    eb('computer.visibility', '=', 'everybody'),
    eb.and([
      eb('computer.visibility', '=', 'named'),
      eb.exists(
        eb
          .selectFrom('computer_share')
          .select('computer_share.project_id')
          .whereRef('computer_share.computer_id', '=', 'computer.id')
          .where('computer_share.project_id', 'in', projects),
      ),
    ]),
  ])

type UsableRow = Awaited<ReturnType<ReturnType<typeof usableComputers>['execute']>>[number]

export function factsOf(row: UsableRow, silence: Silence): NodeFacts {
  return {
    computer: row.reference,
    id: row.id,
    scope: row.scope,
    silence: silence(row),
    network: row.network_id === null ? undefined : referenceOf('network', row.network_id),
    categories: dictionaryOf(row.categories_json),
    used: row.busy_count,
    total: row.busy_count + row.free_count,
    capacity: row.capacity ?? undefined,
  }
}
