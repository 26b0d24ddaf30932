import { accessText } from '@slapos/slap'
import { masterErrors } from '../../errors.ts'
import type { Sql } from '../../store/index.ts'
import type { Caller, Cloud, InstanceLocator } from '../cloud.ts'
import type { Domain } from '../domain.ts'
import { movePartition } from '../partition-revision.ts'
import { referenceOf } from '../references.ts'
import { checkTitle } from '../request/check.ts'
import { requestChild } from '../request/child.ts'
import { requestRoot } from '../request/root.ts'
import { actorOf } from '../rights/actor.ts'
import { authorize, type UseCase } from '../rights/rights.ts'
import { findInstance, type InstanceRow, instanceSubject } from '../rows.ts'
import { statusOf } from '../status.ts'
import type { Unit } from '../unit/unit.ts'
import { bangTree } from './bang.ts'
import { bury } from './destroy.ts'
import { reportOn } from './fail.ts'
import { publishTo } from './publish.ts'
import type { ReadingCases } from './reads.ts'
import { tellInstance } from './tell.ts'

type WritingCases = Omit<Cloud['instances'], keyof ReadingCases>

export function instanceCases({ runner, store, clock, contacts }: Domain): WritingCases {
  /** Runs on the instance, or on a slave that it hosts, when the caller may. */
  const on = (
    caller: Caller,
    at: InstanceLocator,
    useCase: UseCase,
    slave: string | undefined,
    work: (unit: Unit, row: InstanceRow) => Promise<void>,
  ) =>
    runner.run(caller, async (unit) => {
      const row = await target(unit.sql, at, slave)
      authorize(await actorOf(unit.sql, caller), useCase, await instanceSubject(unit.sql, row))
      await work(unit, row)
    })

  return {
    request: (caller, request) =>
      runner.run(caller, async (unit) => {
        const actor = await actorOf(unit.sql, caller)
        const requester = await requesterOf(unit.sql, caller, request.requester)
        const silence = contacts.silence.bind(contacts)
        return requester
          ? requestChild(unit, actor, requester, request, silence)
          : requestRoot(unit, actor, request, silence)
      }),

    report: (caller, at, state) =>
      on(caller, at, 'instances.report', undefined, async (unit, row) => {
        if (state === 'started') return reportOn(unit, row, { text: accessText.started, state })
        if (state === 'stopped') return reportOn(unit, row, { text: accessText.stopped, state })
        // Nobody asked for it: a node that is confused must not free what people use.
        if (row.state !== 'destroyed') return
        await bury(unit, row)
      }),

    error: (caller, at, message, slave) =>
      on(caller, at, 'instances.error', slave, (unit, row) =>
        reportOn(unit, row, { text: accessText.instanceFailed(message), detail: message }),
      ),

    bang: (caller, at, message) =>
      on(caller, at, 'instances.bang', undefined, async (unit, row) => {
        await reportOn(unit, row, { text: accessText.instanceBang(message), detail: message })
        await bangTree(unit, row)
        unit.audit('instance.bang', row.reference, referenceOf('project', row.project_id), { message })
      }),

    rename: (caller, at, title, slave) =>
      on(caller, at, 'instances.rename', slave, async (unit, row) => {
        checkTitle(title)
        if (row.title === title) return
        await rename(unit, row, title)
      }),

    publish: (caller, at, connection, slave) =>
      on(caller, at, 'instances.publish', slave, (unit, row) => publishTo(unit, row, connection)),

    async status(caller, at) {
      const row = await findInstance(store.read, at)
      authorize(await actorOf(store.read, caller), 'instances.status', await instanceSubject(store.read, row))
      const portalType = row.shared ? 'Slave Instance' : 'Software Instance'
      return statusOf(store.read, row.reference, portalType, clock.now())
    },
  }
}

/** The instance at that place; or the slave of that guid, when it is on its partition. */
async function target(tx: Sql, at: InstanceLocator, slave: string | undefined): Promise<InstanceRow> {
  const row = await findInstance(tx, at)
  if (slave === undefined) return row
  const found = await findInstance(tx, { guid: slave })
  if (found.partition_id === null || found.partition_id !== row.partition_id)
    throw masterErrors.NOT_FOUND({ what: slave })
  return found
}

/** The instance in whose name a request is made; undefined: a person asks for a service. */
async function requesterOf(
  tx: Sql,
  caller: Caller,
  place: { readonly computerId: string; readonly partitionId: string } | undefined,
): Promise<InstanceRow | undefined> {
  const at = place && { computer: place.computerId, partition: place.partitionId }
  if (caller.kind === 'instance') {
    const self = await findInstance(tx, { guid: caller.instance })
    const named = at ? await findInstance(tx, at) : self
    if (named.id !== self.id) throw masterErrors.NOT_FOUND({ what: `${at?.computer}/${at?.partition}` })
    return self
  }
  if (at) return findInstance(tx, at)
  if (caller.kind === 'computer') {
    throw masterErrors.NOT_ALLOWED({ action: 'instances.requestRoot', what: caller.computer, who: 'member' })
  }
  return undefined
}

async function rename(unit: Unit, row: InstanceRow, title: string): Promise<void> {
  const taken = await unit.sql
    .selectFrom('instance')
    .select('id')
    .where('tree_id', '=', row.tree_id)
    .where('title', '=', title)
    .where('state', '<>', 'destroyed')
    .executeTakeFirst()
  const tree = await unit.sql.selectFrom('tree').selectAll().where('id', '=', row.tree_id).executeTakeFirstOrThrow()
  if (taken) throw masterErrors.TITLE_IN_USE({ title, where: tree.title })
  const isRoot = tree.root_id === row.id
  if (isRoot && tree.live === 1) {
    const service = await unit.sql
      .selectFrom('tree')
      .select('id')
      .where('project_id', '=', tree.project_id)
      .where('title', '=', title)
      .where('live', '=', 1)
      .executeTakeFirst()
    if (service) throw masterErrors.TITLE_IN_USE({ title, where: referenceOf('project', tree.project_id) })
    await unit.sql.updateTable('tree').set({ title }).where('id', '=', tree.id).execute()
  }
  await unit.sql.updateTable('instance').set({ title }).where('id', '=', row.id).execute()
  if (row.partition_id !== null) await movePartition(unit, row.partition_id, 'shown')
  tellInstance(unit, row)
  unit.audit('instance.rename', row.reference, referenceOf('project', row.project_id), { from: row.title, to: title })
}
