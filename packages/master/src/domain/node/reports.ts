import { type AccessStatus, accessStatus, accessText } from '@slapos/slap'
import { masterErrors } from '../../errors.ts'
import type { Cloud } from '../cloud.ts'
import { listOf } from '../dictionary.ts'
import type { Domain } from '../domain.ts'
import { movePartition } from '../partition-revision.ts'
import { referenceOf } from '../references.ts'
import { actorOf } from '../rights/actor.ts'
import { authorize } from '../rights/rights.ts'
import { computerSubject, findComputer, findPartition, occupantOf } from '../rows.ts'

type ReportCases = Pick<
  Cloud['nodes'],
  'contacted' | 'telemetry' | 'status' | 'bang' | 'treeAddresses' | 'observedAddress'
>

export function reportCases(domain: Domain): ReportCases {
  const { runner, store, clock, contacts, telemetry } = domain
  return {
    contacted(computer, observedAddress) {
      if (!contacts.seen(computer, observedAddress)) return
      void runner
        .run({ kind: 'system' }, async (unit) => {
          const row = await findComputer(unit.sql, computer)
          unit.tell('computer', computer, { project: referenceOf('project', row.project_id) })
        })
        .catch((error: unknown) => domain.logger.warning(`the contact of ${computer} was not told: ${String(error)}`))
    },

    observedAddress: (computer) => contacts.address(computer),

    async telemetry(caller, batch) {
      if (caller.kind !== 'computer' || telemetry === undefined) {
        throw masterErrors.NOT_ALLOWED({ action: 'nodes.telemetry', what: 'telemetry', who: 'node' })
      }
      await actorOf(store.read, caller)
      contacts.seen(caller.computer)
      return telemetry.ingest(caller.computer, batch)
    },

    async status(caller, computer): Promise<AccessStatus> {
      const row = await findComputer(store.read, computer)
      authorize(await actorOf(store.read, caller), 'nodes.status', await computerSubject(store.read, row))
      return accessStatus({ reference: computer, portalType: 'Compute Node' }, contacts.status(computer), clock.now())
    },

    bang: (caller, computer, message) =>
      runner.run(caller, async (unit) => {
        const row = await findComputer(unit.sql, computer)
        authorize(await actorOf(unit.sql, caller), 'nodes.bang', await computerSubject(unit.sql, row))
        contacts.failed(computer, accessText.computerBang(message))
        const busy = await unit.sql
          .selectFrom('partition')
          .select('id')
          .where('computer_id', '=', row.id)
          .where('state', '=', 'busy')
          .orderBy('id')
          .execute()
        for (const { id } of busy) await movePartition(unit, id, 'own')
        const project = referenceOf('project', row.project_id)
        unit.tell('computer', computer, { project })
        unit.audit('computer.bang', computer, project, { message })
      }),

    async treeAddresses(caller, computer, partition) {
      const row = await findComputer(store.read, computer)
      const place = await findPartition(store.read, computer, partition)
      const occupant = await occupantOf(store.read, place.id)
      authorize(await actorOf(store.read, caller), 'nodes.treeAddresses', {
        ...(await computerSubject(store.read, row)),
        ...(occupant ? { instanceId: occupant.id } : {}),
      })
      if (!occupant || occupant.state === 'destroyed') return []
      const rows = await store.read
        .selectFrom('instance')
        .innerJoin('partition', 'partition.id', 'instance.partition_id')
        .select('partition.ip_json')
        .distinct()
        .where('instance.tree_id', '=', occupant.tree_id)
        .where('instance.live', '=', 1)
        .execute()
      return rows.flatMap(({ ip_json }) => listOf<readonly [string, string]>(ip_json))
    },
  }
}
