import type { Clock } from '@slapos/base'
import { insertion, prepared, type Store } from '../../store/index.ts'
import type { Caller, Change } from '../cloud.ts'
import { positionOf } from '../position.ts'
import { take } from './counters.ts'
import type { Publisher } from './publisher.ts'
import { Unit } from './unit.ts'

export interface Runner {
  /** Runs a use case in one transaction; what it told is published, in commit order, before this resolves. */
  run<T>(caller: Caller, work: (unit: Unit) => Promise<T>): Promise<T>
}

export function createRunner(
  store: Store,
  clock: Clock,
  publisher: Publisher,
  epoch: () => string,
  onWake: () => void,
): Runner {
  return {
    async run(caller, work) {
      const { result, changes, touched, revision, wake } = await store.tx(async (tx) => {
        const unit = new Unit(tx, caller, clock.now())
        const result = await work(unit)
        const outcome = unit.outcome
        const revision = unit.changed || outcome.touched.length > 0 ? await unit.revision() : 0
        const changes = await record(unit, revision, epoch())
        return { result, changes, touched: outcome.touched, revision, wake: outcome.wake }
      })
      publisher.publish(changes, touched, revision)
      if (wake) onWake()
      return result
    },
  }
}

/** Writes what the use case told, in its own transaction. */
async function record(unit: Unit, revision: number, epoch: string): Promise<readonly Change[]> {
  const { changes, audit, touched } = unit.outcome
  const [id] = touched
  if (id !== undefined && touched.length === 1) await touch(unit.sql, { id, revision })
  else if (id !== undefined) {
    await unit.sql
      .updateTable('computer')
      .set({ revision })
      .where('id', 'in', [...touched])
      .execute()
  }
  if (audit.length > 0) await writeAudit(unit, audit)
  if (changes.length === 0) return []
  const first = await take(unit.sql, 'change', changes.length)
  const numbered = changes.map((change, index) => ({ ...change, id: positionOf(epoch, first + index), revision }))
  await inBatches(numbered, (batch, start) =>
    addChanges(
      unit.sql,
      batch.map(({ kind, reference, computer, project, command, gone }, index) => ({
        seq: first + start + index,
        kind,
        reference,
        computer,
        project,
        revision,
        command_json: command === undefined ? null : JSON.stringify(command),
        gone: gone ? (1 as const) : (0 as const),
        at: unit.now,
      })),
    ),
  )
  return numbered
}

async function writeAudit(unit: Unit, entries: Unit['outcome']['audit']): Promise<void> {
  const first = await take(unit.sql, 'audit', entries.length)
  const { actor, via } = nameOf(unit.caller)
  await inBatches(entries, (batch, start) =>
    addEntries(
      unit.sql,
      batch.map(({ action, target, project, detail }, index) => ({
        id: first + start + index,
        at: unit.now,
        actor,
        via,
        action,
        target,
        project,
        detail_json: JSON.stringify(detail),
      })),
    ),
  )
}

const addChanges = insertion('outbox')
const addEntries = insertion('audit')
const touch = prepared((db, { id, revision }: { id: number; revision: number }) =>
  db.updateTable('computer').set({ revision }).where('id', '=', id),
)

/** Databases bound the number of parameters of one statement. */
const BATCH = 500

async function inBatches<T>(rows: readonly T[], write: (batch: readonly T[], start: number) => Promise<unknown>) {
  for (let start = 0; start < rows.length; start += BATCH) await write(rows.slice(start, start + BATCH), start)
}

export function nameOf(caller: Caller): { readonly actor: string; readonly via: string } {
  if (caller.kind === 'person') return { actor: caller.person, via: caller.via }
  if (caller.kind === 'computer') return { actor: caller.computer, via: 'certificate' }
  if (caller.kind === 'instance') return { actor: caller.instance, via: 'certificate' }
  return { actor: 'system', via: 'system' }
}
