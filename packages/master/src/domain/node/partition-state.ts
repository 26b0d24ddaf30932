import { prepared } from '../../store/index.ts'
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
  await setState(unit.sql, { id: partition.id, state })
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
  await addCounts(unit.sql, { id: computerId, free: change('free'), busy: change('busy') })
}

const setState = prepared((db, { id, state }: { id: number; state: State }) =>
  db.updateTable('partition').set({ state }).where('id', '=', id),
)

const addCounts = prepared((db, { id, free, busy }: { id: number; free: number; busy: number }) =>
  db
    .updateTable('computer')
    .set((eb) => ({ free_count: eb('free_count', '+', free), busy_count: eb('busy_count', '+', busy) }))
    .where('id', '=', id),
)
