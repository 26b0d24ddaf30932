import type { PartitionRow } from '../rows.ts'
import type { Unit } from '../unit/unit.ts'

type State = PartitionRow['state']

/** Makes a partition free, busy or inactive. The one way: its node counts them. */
export async function setPartitionState(
  unit: Unit,
  partition: Pick<PartitionRow, 'id' | 'computer_id' | 'state'>,
  state: State,
): Promise<void> {
  if (partition.state === state) return
  await unit.sql.updateTable('partition').set({ state }).where('id', '=', partition.id).execute()
  await countPartition(unit, partition.computer_id, partition.state, state)
}

/** @param before undefined: a partition that did not exist. */
export async function countPartition(
  unit: Unit,
  computerId: number,
  before: State | undefined,
  after: State,
): Promise<void> {
  const change = (state: State) => Number(after === state) - Number(before === state)
  await unit.sql
    .updateTable('computer')
    .set((eb) => ({
      free_count: eb('free_count', '+', change('free')),
      busy_count: eb('busy_count', '+', change('busy')),
    }))
    .where('id', '=', computerId)
    .execute()
}
