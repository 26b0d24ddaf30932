import { createHash } from 'node:crypto'
import type { FormattedComputer, FormattedPartition, FullIpEntry, IpEntry } from '@slapos/slap'
import type { Cloud } from '../cloud.ts'
import type { Domain } from '../domain.ts'
import { movePartition } from '../partition-revision.ts'
import { referenceOf } from '../references.ts'
import { actorOf } from '../rights/actor.ts'
import { authorize } from '../rights/rights.ts'
import { type ComputerRow, computerSubject, findComputer, type PartitionRow } from '../rows.ts'
import { take } from '../unit/counters.ts'
import type { Unit } from '../unit/unit.ts'
import { countPartition, setPartitionState } from './partition-state.ts'

/** A node tells its partitions, addresses and facts. Identical content changes nothing. */
export function formatCase({ runner, contacts }: Domain): Pick<Cloud['nodes'], 'format'> {
  return {
    async format(caller, computer) {
      await runner.run(caller, async (unit) => {
        const row = await findComputer(unit.sql, computer.reference)
        authorize(await actorOf(unit.sql, caller), 'nodes.format', await computerSubject(unit.sql, row))
        await apply(unit, row, computer)
      })
      if (caller.kind === 'computer') contacts.seen(caller.computer)
    },
  }
}

async function apply(unit: Unit, row: ComputerRow, computer: FormattedComputer): Promise<void> {
  const digest = createHash('sha256').update(JSON.stringify(computer)).digest('hex')
  const before = await unit.sql
    .selectFrom('computer_format')
    .select('digest')
    .where('computer_id', '=', row.id)
    .executeTakeFirst()
  if (before?.digest === digest) return
  const { partition_list: partitions, ...facts } = computer
  const stored = {
    facts_json: JSON.stringify(facts),
    digest,
    has_ipv6: partitions.some(({ address_list }) => address_list.some(({ addr }) => addr.includes(':')))
      ? (1 as const)
      : (0 as const),
    formatted_at: unit.now,
  }
  await unit.sql
    .insertInto('computer_format')
    .values({ computer_id: row.id, ...stored })
    .onConflict((conflict) => conflict.column('computer_id').doUpdateSet(stored))
    .execute()
  await applyPartitions(unit, row, partitions)
  unit.touchComputer(row.id)
  unit.tell('computer', row.reference, { project: referenceOf('project', row.project_id) })
  unit.audit('computer.format', row.reference, referenceOf('project', row.project_id), {
    partitions: partitions.length,
  })
  unit.wakeWaiting()
}

async function applyPartitions(unit: Unit, row: ComputerRow, listed: readonly FormattedPartition[]): Promise<void> {
  const known = await unit.sql.selectFrom('partition').selectAll().where('computer_id', '=', row.id).execute()
  const byReference = new Map(known.map((partition) => [partition.reference, partition]))
  for (const [position, partition] of listed.entries()) {
    const before = byReference.get(partition.reference)
    byReference.delete(partition.reference)
    if (before) await update(unit, before, partition, position)
    else await add(unit, row.id, partition, position)
  }
  for (const gone of byReference.values()) if (gone.listed === 1) await hide(unit, gone)
}

async function add(unit: Unit, computerId: number, partition: FormattedPartition, position: number): Promise<void> {
  const revision = await unit.revision()
  await unit.sql
    .insertInto('partition')
    .values({
      id: await take(unit.sql, 'partition'),
      computer_id: computerId,
      reference: partition.reference,
      state: 'free',
      listed: 1,
      ...shapeOf(partition, position),
      revision,
      own_revision: revision,
      slaves_revision: 0,
      touched: revision,
      slaves_floor: 0,
      slave_count: 0,
    })
    .execute()
  await countPartition(unit, computerId, undefined, 'free')
}

async function update(unit: Unit, before: PartitionRow, partition: FormattedPartition, position: number) {
  const shape = shapeOf(partition, position)
  const same = (Object.keys(shape) as (keyof typeof shape)[]).every((key) => before[key] === shape[key])
  if (same && before.listed === 1) return
  await unit.sql
    .updateTable('partition')
    .set({ ...shape, listed: 1 })
    .where('id', '=', before.id)
    .execute()
  if (before.state === 'inactive') await setPartitionState(unit, before, 'free')
  await movePartition(unit, before.id, 'own')
}

/** The node has it no more. A busy one stays busy: its instance is not lost, it comes back with the partition. */
async function hide(unit: Unit, partition: PartitionRow): Promise<void> {
  await unit.sql.updateTable('partition').set({ listed: 0 }).where('id', '=', partition.id).execute()
  if (partition.state === 'free') await setPartitionState(unit, partition, 'inactive')
  await movePartition(unit, partition.id, 'own')
}

function shapeOf(partition: FormattedPartition, position: number) {
  const { tap, address_list: addresses } = partition
  const ipList: IpEntry[] = addresses.map(({ addr }) => [tap.name, addr])
  const route = `route_${tap.name}`
  const fullIpList: FullIpEntry[] = tap.ipv4_addr
    ? [[route, tap.ipv4_addr, tap.ipv4_gateway, tap.ipv4_netmask, tap.ipv4_network]]
    : []
  if (tap.ipv4_addr) ipList.push([route, tap.ipv4_addr])
  return {
    position,
    ip_json: JSON.stringify(ipList),
    full_ip_json: JSON.stringify(fullIpList),
    capabilities_json: JSON.stringify([...new Set(partition.capability_list ?? [])].sort()),
  }
}
