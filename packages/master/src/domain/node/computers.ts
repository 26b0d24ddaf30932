import { masterErrors } from '../../errors.ts'
import type { AllocationScope, Caller, Cloud } from '../cloud.ts'
import type { Domain } from '../domain.ts'
import { checkLimit } from '../limits.ts'
import { referenceOf } from '../references.ts'
import { checkTitle } from '../request/check.ts'
import { type Actor, actorOf } from '../rights/actor.ts'
import { authorize, may } from '../rights/rights.ts'
import {
  type ComputerRow,
  computerSubject,
  findComputer,
  findProject,
  type InstanceRow,
  instanceSubject,
} from '../rows.ts'
import { take } from '../unit/counters.ts'
import type { Unit } from '../unit/unit.ts'

type NodeCases = Pick<
  Cloud['nodes'],
  'create' | 'rename' | 'setAllocationScope' | 'share' | 'setFacts' | 'remove' | 'command'
>

const SCOPES: readonly AllocationScope[] = ['open', 'close/maintenance', 'close/termination', 'close/forever']

/** Nodes as their project's managers handle them. */
export function computerCases({ runner }: Domain): NodeCases {
  const change = (
    caller: Caller,
    computer: string,
    useCase: 'nodes.rename' | 'nodes.share' | 'nodes.setAllocationScope' | 'nodes.remove',
    work: (unit: Unit, row: ComputerRow) => Promise<void>,
  ) =>
    runner.run(caller, async (unit) => {
      const row = await findComputer(unit.sql, computer)
      authorize(await actorOf(unit.sql, caller), useCase, await computerSubject(unit.sql, row))
      await work(unit, row)
    })

  return {
    create: (caller, input) => runner.run(caller, (unit) => create(unit, input)),

    rename: (caller, computer, title) =>
      change(caller, computer, 'nodes.rename', async (unit, row) => {
        checkTitle(title)
        if (row.title === title) return
        const taken = await byTitle(unit, row.project_id, title)
        if (taken) throw masterErrors.TITLE_IN_USE({ title, where: referenceOf('project', row.project_id) })
        await update(unit, row, { title }, 'computer.rename')
      }),

    setAllocationScope: (caller, computer, scope) =>
      change(caller, computer, 'nodes.setAllocationScope', async (unit, row) => {
        if (!SCOPES.includes(scope)) {
          throw masterErrors.VALUE_INVALID({
            name: 'the allocation scope',
            reason: `it is none of ${SCOPES.join(', ')}`,
          })
        }
        if (row.scope === scope) return
        await update(unit, row, { scope }, 'computer.scope')
        unit.wakeWaiting()
      }),

    share: (caller, computer, sharing) =>
      change(caller, computer, 'nodes.share', async (unit, row) => {
        const projects = sharing === 'project' || sharing === 'everybody' ? [] : sharing
        const visibility = typeof sharing === 'string' ? sharing : 'named'
        await unit.sql.deleteFrom('computer_share').where('computer_id', '=', row.id).execute()
        for (const project of new Set(projects)) {
          const { id } = await findProject(unit.sql, project)
          await unit.sql.insertInto('computer_share').values({ computer_id: row.id, project_id: id }).execute()
        }
        await update(unit, row, { visibility }, 'computer.share', { projects })
        unit.wakeWaiting()
      }),

    setFacts: (caller, computer, { categories, capacity }) =>
      change(caller, computer, 'nodes.setAllocationScope', async (unit, row) => {
        const set = {
          ...(categories === undefined ? {} : { categories_json: JSON.stringify(categories) }),
          ...(capacity === undefined ? {} : { capacity }),
        }
        if (Object.keys(set).length === 0) return
        await update(unit, row, set, 'computer.facts')
        unit.wakeWaiting()
      }),

    remove: (caller, computer) =>
      change(caller, computer, 'nodes.remove', async (unit, row) => {
        const { count } = await unit.sql
          .selectFrom('partition')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('computer_id', '=', row.id)
          .where('state', '=', 'busy')
          .executeTakeFirstOrThrow()
        if (Number(count) > 0) throw masterErrors.COMPUTER_BUSY({ computer, count: Number(count) })
        await update(unit, row, { live: 0 }, 'computer.remove')
        unit.tell('computer', row.reference, { gone: true })
      }),

    command: (caller, computer, command) =>
      runner.run(caller, async (unit) => {
        const row = await findComputer(unit.sql, computer)
        const actor = await actorOf(unit.sql, caller)
        const occupant = 'partition' in command ? await occupantOf(unit, row, command.partition) : undefined
        // Who may stop what runs there may restart a part of it, also on a server of somebody else.
        if (occupant && may(actor, 'instances.command', await instanceSubject(unit.sql, occupant))) {
          unit.audit('computer.command', row.reference, referenceOf('project', occupant.project_id), { command })
        } else {
          authorize(actor, 'nodes.command', await computerSubject(unit.sql, row))
          unit.audit('computer.command', row.reference, referenceOf('project', row.project_id), { command })
        }
        unit.command(row.reference, command)
      }),
  }
}

/** The instance that the partition was given to; its slaves are guests there. */
async function occupantOf({ sql }: Unit, { id }: ComputerRow, partition: string): Promise<InstanceRow | undefined> {
  return sql
    .selectFrom('instance')
    .innerJoin('partition', 'partition.id', 'instance.partition_id')
    .selectAll('instance')
    .where('partition.computer_id', '=', id)
    .where('partition.reference', '=', partition)
    .where('instance.shared', '=', 0)
    .where('instance.live', '=', 1)
    .executeTakeFirst()
}

async function create(unit: Unit, input: { title: string; project?: string }) {
  const actor = await actorOf(unit.sql, unit.caller)
  const projectId = await projectOf(unit, actor, input.project)
  const project = referenceOf('project', projectId)
  authorize(actor, 'nodes.create', { name: project, projectId })
  checkTitle(input.title)
  const existing = await byTitle(unit, projectId, input.title)
  if (existing) return { computer: existing.reference, created: false }
  const { count } = await unit.sql
    .selectFrom('computer')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('project_id', '=', projectId)
    .where('live', '=', 1)
    .executeTakeFirstOrThrow()
  await checkLimit(unit.sql, 'computers', 'project', project, Number(count) + 1)
  const id = await take(unit.sql, 'computer')
  const reference = referenceOf('computer', id)
  await unit.sql
    .insertInto('computer')
    .values({
      id,
      reference,
      project_id: projectId,
      network_id: null,
      title: input.title,
      live: 1,
      scope: 'open',
      visibility: 'project',
      capacity: null,
      categories_json: '{}',
      revision: await unit.revision(),
      created_at: unit.now,
      free_count: 0,
      busy_count: 0,
    })
    .execute()
  unit.touchComputer(id)
  unit.tell('computer', reference, { computer: reference, project })
  unit.audit('computer.create', reference, project, { title: input.title })
  return { computer: reference, created: true }
}

const byTitle = (unit: Unit, projectId: number, title: string) =>
  unit.sql
    .selectFrom('computer')
    .select('reference')
    .where('project_id', '=', projectId)
    .where('title', '=', title)
    .where('live', '=', 1)
    .executeTakeFirst()

async function projectOf(unit: Unit, actor: Actor, named: string | undefined): Promise<number> {
  if (named !== undefined) return (await findProject(unit.sql, named)).id
  const mine =
    actor.kind === 'person' && (actor.roles.size > 0 || !actor.operator)
      ? [...actor.roles.keys()]
      : (await unit.sql.selectFrom('project').select('id').where('state', '=', 'active').execute()).map(({ id }) => id)
  const [only, ...others] = mine
  if (only === undefined || others.length > 0) {
    throw masterErrors.PROJECT_UNCLEAR({ projects: mine.map((id) => referenceOf('project', id)).join(', ') || 'none' })
  }
  return only
}

async function update(
  unit: Unit,
  row: ComputerRow,
  set: Partial<Pick<ComputerRow, 'title' | 'scope' | 'visibility' | 'categories_json' | 'capacity' | 'live'>>,
  action: string,
  detail: Readonly<Record<string, unknown>> = set,
): Promise<void> {
  await unit.sql.updateTable('computer').set(set).where('id', '=', row.id).execute()
  const project = referenceOf('project', row.project_id)
  unit.touchComputer(row.id)
  unit.tell('computer', row.reference, { computer: row.reference, project })
  unit.audit(action, row.reference, project, detail)
}
