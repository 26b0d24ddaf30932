import { prepared } from '../../store/index.ts'
import { showSlave } from '../instance/slave-place.ts'
import { tellInstance } from '../instance/tell.ts'
import { setPartitionState } from '../node/partition-state.ts'
import { movePartition } from '../partition-revision.ts'
import { referenceOf } from '../references.ts'
import type { InstanceRow } from '../rows.ts'
import type { Unit } from '../unit/unit.ts'
import { type Choice, chooseHost, type Demand, type Refusal } from './choose.ts'
import { chooseNode } from './choose-node.ts'
import { demandOf } from './demand.ts'
import { hostCandidates } from './hosts.ts'
import type { Silence } from './usable.ts'

/** Nodes that a kept explanation names one by one. */
const NAMED_REFUSALS = 20

/** Tries to give a waiting instance its partition. Answers whether it has one now; else the reasons are kept. */
export async function allocate(unit: Unit, row: InstanceRow, silence: Silence): Promise<boolean> {
  if (row.partition_id !== null) return true
  if (row.state !== 'started') {
    await keepReasons(unit, row, ['it is stopped: it gets a partition when it is started'])
    return false
  }
  const demand = await demandOf(unit.sql, row)
  const choice: Choice = row.shared
    ? chooseHost(demand, await hostCandidates(unit.sql, row.project_id, demand, silence))
    : await chooseNode(unit.sql, row.project_id, demand, silence)
  if (choice.kind === 'refused') {
    await keepReasons(unit, row, explain(row, demand, choice.refusals))
    return false
  }
  await place(unit, row, choice.partitionId)
  return true
}

async function place(unit: Unit, row: InstanceRow, partitionId: number): Promise<void> {
  const revision = await unit.revision()
  await setPlace(unit.sql, { id: row.id, partitionId, revision })
  if (row.shared) {
    await unit.sql
      .updateTable('partition')
      .set((eb) => ({ slave_count: eb('slave_count', '+', 1) }))
      .where('id', '=', partitionId)
      .execute()
    await showSlave(unit, partitionId, row.id, true)
  } else {
    const { computer_id } = await movePartition(unit, partitionId, 'own')
    await setPartitionState(unit, { id: partitionId, computer_id, state: 'free' }, 'busy')
    unit.wakeWaiting() // slaves may wait for exactly this host
  }
  tellInstance(unit, row)
  unit.audit('instance.allocate', row.reference, referenceOf('project', row.project_id), { partition: partitionId })
}

const setPlace = prepared((db, { id, partitionId, revision }: { id: number; partitionId: number; revision: number }) =>
  db
    .updateTable('instance')
    .set({ partition_id: partitionId, revision, waiting_json: '[]', waiting_since: null })
    .where('id', '=', id),
)

async function keepReasons(unit: Unit, row: InstanceRow, reasons: readonly string[]): Promise<void> {
  const json = JSON.stringify(reasons)
  if (row.waiting_json === json) return
  await unit.sql
    .updateTable('instance')
    .set({ waiting_json: json, waiting_since: row.waiting_since ?? unit.now })
    .where('id', '=', row.id)
    .execute()
  tellInstance(unit, row)
}

function explain(row: InstanceRow, demand: Demand, refusals: readonly Refusal[]): readonly string[] {
  const { sla, project, releaseName, softwareType } = demand
  // Who names one place wants to know about that place only.
  const named = row.shared ? sla.host : sla.computer
  const shown = named === undefined ? refusals : refusals.filter(({ candidate }) => candidate === named)
  if (shown.length === 0) {
    if (row.shared)
      return [`no instance of ${releaseName} (${softwareType}) is there to host it${named ? `: ${named} is none` : ''}`]
    if (named !== undefined) return [`no node can host it: ${named} does not exist or is not shared with ${project}`]
    return [`no node is usable by ${project}: register one, or have one shared with the project`]
  }
  const head = row.shared ? 'no instance can host it' : 'no node can host it'
  const lines = shown.slice(0, NAMED_REFUSALS).map(({ candidate, reason }) => `${head}: ${candidate} ${reason}`)
  const rest = shown.length - lines.length
  return rest > 0 ? [...lines, `and ${rest} more that cannot either`] : lines
}
