import { accessText } from '@slapos/slap'
import { masterErrors } from '../../errors.ts'
import type { Reader, Sql } from '../../store/index.ts'
import type { Caller, Cloud } from '../cloud.ts'
import type { Domain } from '../domain.ts'
import { partitionReference, referenceOf } from '../references.ts'
import { actorOf } from '../rights/actor.ts'
import { authorize, type UseCase } from '../rights/rights.ts'
import { type ComputerRow, computerSubject, findComputer } from '../rows.ts'
import { keepStatus, type StatusReport, statusOf } from '../status.ts'
import { take } from '../unit/counters.ts'
import type { Unit } from '../unit/unit.ts'

/** Releases on nodes. */
export function softwareCases({ runner, store, clock }: Domain): Omit<Cloud['software'], 'releases'> {
  const on = (
    caller: Caller,
    computer: string,
    useCase: UseCase,
    work: (unit: Unit, row: ComputerRow) => Promise<void>,
  ) =>
    runner.run(caller, async (unit) => {
      const row = await findComputer(unit.sql, computer)
      authorize(await actorOf(unit.sql, caller), useCase, await computerSubject(unit.sql, row))
      await work(unit, row)
    })

  return {
    supply: (caller, computer, url, state) =>
      on(caller, computer, 'software.supply', async (unit, row) => {
        if (url.trim() === '' || url.length > 2000) {
          throw masterErrors.VALUE_INVALID({ name: 'the software release', reason: 'its URL is empty or too long' })
        }
        const now = await living(unit.sql, row.id, url)
        if (state === 'destroyed') {
          if (now?.state === 'available') await setState(unit, row, now.id, now.reference, url, { state })
          return
        }
        if (now?.state === 'available') return
        // It is being removed: what comes next is another installation.
        if (now) await setState(unit, row, now.id, now.reference, url, { live: 0 })
        await install(unit, row, url)
        unit.wakeWaiting()
      }),

    report: (caller, computer, url, state) =>
      on(caller, computer, 'software.report', async (unit, row) => {
        const now = await existing(unit.sql, row, url)
        if (state === 'building') return keep(unit, row, now.reference, { text: accessText.building(url), state })
        if (state === 'available') return keep(unit, row, now.reference, { text: accessText.available(url), state })
        if (now.state !== 'destroyed') throw masterErrors.DESTROY_NOT_ASKED({ what: `${url} on ${computer}` })
        await setState(unit, row, now.id, now.reference, url, { live: 0 })
        await unit.sql.deleteFrom('access_status').where('reference', '=', now.reference).execute()
      }),

    error: (caller, computer, url, log) =>
      on(caller, computer, 'software.error', async (unit, row) => {
        const { reference } = await existing(unit.sql, row, url)
        await keep(unit, row, reference, { text: accessText.buildFailed(url), state: '', detail: log })
      }),

    async status(caller, computer, url) {
      const row = await findComputer(store.read, computer)
      authorize(await actorOf(store.read, caller), 'software.status', await computerSubject(store.read, row))
      const { reference } = await existing(store.read, row, url)
      return statusOf(store.read, reference, 'Software Installation', clock.now())
    },
  }
}

const living = (db: Reader | Sql, computerId: number, url: string) =>
  db
    .selectFrom('installation')
    .selectAll()
    .where('computer_id', '=', computerId)
    .where('url', '=', url)
    .where('live', '=', 1)
    .executeTakeFirst()

async function existing(db: Reader | Sql, row: ComputerRow, url: string) {
  const found = await living(db, row.id, url)
  if (!found) throw masterErrors.NOT_FOUND({ what: `${url} on ${row.reference}` })
  return found
}

async function install(unit: Unit, row: ComputerRow, url: string): Promise<void> {
  const id = await take(unit.sql, 'installation')
  const reference = referenceOf('installation', id)
  await unit.sql
    .insertInto('installation')
    .values({
      id,
      reference,
      computer_id: row.id,
      url,
      state: 'available',
      live: 1,
      revision: await unit.revision(),
      created_at: unit.now,
    })
    .execute()
  told(unit, row, reference, url, 'software.supply')
}

async function setState(
  unit: Unit,
  row: ComputerRow,
  id: number,
  reference: string,
  url: string,
  set: { readonly state: 'destroyed' } | { readonly live: 0 },
): Promise<void> {
  await unit.sql
    .updateTable('installation')
    .set({ ...set, revision: await unit.revision() })
    .where('id', '=', id)
    .execute()
  told(unit, row, reference, url, 'live' in set ? 'software.removed' : 'software.remove')
}

function told(unit: Unit, row: ComputerRow, reference: string, url: string, action: string): void {
  const project = referenceOf('project', row.project_id)
  unit.touchComputer(row.id)
  unit.tell('installation', partitionReference(row.id, url), { computer: row.reference, project })
  unit.audit(action, row.reference, project, { url, installation: reference })
}

/** A report of the node concerns people only: the node is not told what it said itself. */
async function keep(unit: Unit, row: ComputerRow, reference: string, report: StatusReport): Promise<void> {
  const { url } = await unit.sql
    .selectFrom('installation')
    .select('url')
    .where('reference', '=', reference)
    .executeTakeFirstOrThrow()
  if (!(await keepStatus(unit, reference, report))) return
  unit.tell('installation', partitionReference(row.id, url), { project: referenceOf('project', row.project_id) })
}
