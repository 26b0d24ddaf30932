import type { SlaveDelta } from '@slapos/slap'
import { masterErrors } from '../../errors.ts'
import type { Reader, Sql } from '../../store/index.ts'
import type { Caller, Cloud } from '../cloud.ts'
import type { Domain } from '../domain.ts'
import { failSlave } from '../instance/fail.ts'
import { publishTo } from '../instance/publish.ts'
import { numberIn, positionOf } from '../position.ts'
import { idOf, referenceOf } from '../references.ts'
import { actorOf } from '../rights/actor.ts'
import { authorize } from '../rights/rights.ts'
import { findInstance, findPartition, type InstanceRow, occupantOf, type PartitionRow } from '../rows.ts'
import { servedSlaves, slaveDocument, slaveRows } from './occupants.ts'

/** Slaves of a partition for its node: what changed, and what the host published for each. */
export function slaveCases(domain: Domain): Pick<Cloud['nodes'], 'slaves' | 'publishSlaves'> {
  const { store, runner } = domain

  async function place(
    db: Reader | Sql,
    caller: Caller,
    partition: string,
    useCase: 'nodes.slaves' | 'nodes.publishSlaves',
  ) {
    const actor = await actorOf(db, caller)
    const row = await partitionOf(db, caller, partition)
    const occupant = await occupantOf(db, row.id)
    authorize(actor, useCase, {
      name: `${referenceOf('computer', row.computer_id)}/${partition}`,
      computerId: row.computer_id,
      ...(occupant ? { instanceId: occupant.id } : {}),
    })
    return row
  }

  return {
    async slaves(caller, partition, since) {
      const row = await place(store.read, caller, partition, 'nodes.slaves')
      const position = positionOf(domain.epoch(), row.slaves_revision)
      const after = numberIn(domain.epoch(), since)
      if (after === undefined || after > row.slaves_revision || after < row.slaves_floor) {
        const served = await servedSlaves(store.read, [row.id])
        return { format: 1, position, full: true, changed: served.get(row.id) ?? [], removed: [] }
      }
      if (after === row.slaves_revision) return { format: 1, position, full: false, changed: [], removed: [] }
      const rows = await slaveRows(store.read)
        .where('hosted_slave.partition_id', '=', row.id)
        .where('hosted_slave.revision', '>', after)
        .orderBy('hosted_slave.revision')
        .orderBy('instance.id')
        .execute()
      const delta: SlaveDelta = {
        format: 1,
        position,
        full: false,
        changed: rows.filter(({ present }) => present === 1).map(slaveDocument),
        removed: rows.flatMap(({ present, reference }) => (present === 1 ? [] : [reference])),
      }
      return delta
    },

    publishSlaves: (caller, partition, { connections, errors = {} }) =>
      runner.run(caller, async (unit) => {
        const row = await place(unit.sql, caller, partition, 'nodes.publishSlaves')
        const hosted = await hostedHere(unit.sql, row.id, [...Object.keys(connections), ...Object.keys(errors)])
        for (const [guid, slave] of hosted) {
          const connection = connections[guid]
          if (connection) await publishTo(unit, slave, connection)
          const message = errors[guid]
          if (message !== undefined) await failSlave(unit, slave, message)
        }
      }),
  }
}

/** Those of the named slaves that are on this partition; one that left in the meantime concerns the host no more. */
async function hostedHere(tx: Sql, partitionId: number, guids: readonly string[]) {
  const found = new Map<string, InstanceRow>()
  const ids = [...new Set(guids)].flatMap((guid) => idOf('instance', guid) ?? [])
  for (let start = 0; start < ids.length; start += BATCH) {
    const rows = await tx
      .selectFrom('instance')
      .selectAll()
      .where('id', 'in', ids.slice(start, start + BATCH))
      .where('partition_id', '=', partitionId)
      .where('shared', '=', 1)
      .execute()
    for (const row of rows) found.set(row.reference, row)
  }
  return found
}

const BATCH = 500

async function partitionOf(db: Reader | Sql, caller: Caller, partition: string): Promise<PartitionRow> {
  if (caller.kind === 'computer') return findPartition(db, caller.computer, partition)
  if (caller.kind === 'instance') {
    const { partition_id } = await findInstance(db, { guid: caller.instance })
    const row =
      partition_id === null
        ? undefined
        : await db.selectFrom('partition').selectAll().where('id', '=', partition_id).executeTakeFirst()
    if (row?.reference === partition) return row
  }
  throw masterErrors.NOT_FOUND({ what: partition })
}
