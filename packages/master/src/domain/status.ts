import { type AccessStatus, accessStatus, reported, type StatusRecord, stripUnrepresentable } from '@slapos/slap'
import type { Selectable } from 'kysely'
import { prepared, type Reader, type Sql } from '../store/index.ts'
import type { AccessStatusTable } from '../store/tables/domain.ts'
import { nameOf } from './unit/runner.ts'
import type { Unit } from './unit/unit.ts'

/** Bytes of an error message that are kept. */
const DETAIL_LIMIT = 64 * 1024
/** Databases bound the number of parameters of one statement. */
const MOST_AT_ONCE = 5000

export type PortalType = 'Compute Node' | 'Software Instance' | 'Slave Instance' | 'Software Installation'

export interface StoredStatus extends StatusRecord {
  readonly detail: string
}

export interface StatusReport {
  readonly text: string
  readonly state?: string
  /** The whole message, when `text` is a shorter form. */
  readonly detail?: string
}

/** Keeps a report. Answers whether what people see of it changed (its age always does). */
export async function keepStatus(unit: Unit, reference: string, report: StatusReport): Promise<boolean> {
  const [kept] = await statusRows(unit.sql, { reference })
  const before = kept && storedStatus(kept)
  const text = stripUnrepresentable(report.text)
  const detail = stripUnrepresentable(report.detail ?? '').slice(-DETAIL_LIMIT)
  const after = reported(before, {
    user: nameOf(unit.caller).actor,
    at: unit.now,
    text,
    ...(report.state === undefined ? {} : { state: report.state }),
  })
  const row = { reporter: after.user, state: after.state, text, detail, created_at: after.at, since: after.since }
  await unit.sql
    .insertInto('access_status')
    .values({ reference, ...row })
    .onConflict((conflict) => conflict.column('reference').doUpdateSet(row))
    .execute()
  return before === undefined || before.text !== text || before.state !== after.state || before.detail !== detail
}

export async function readStatuses(
  db: Reader | Sql,
  references: readonly string[],
): Promise<ReadonlyMap<string, StoredStatus>> {
  const rows: Selectable<AccessStatusTable>[] = []
  for (let start = 0; start < references.length; start += MOST_AT_ONCE) {
    const batch = references.slice(start, start + MOST_AT_ONCE)
    rows.push(...(await db.selectFrom('access_status').selectAll().where('reference', 'in', batch).execute()))
  }
  return new Map(rows.map((row) => [row.reference, storedStatus(row)]))
}

export async function statusOf(
  db: Reader | Sql,
  reference: string,
  portalType: PortalType,
  now: number,
): Promise<AccessStatus> {
  const [row] = await statusRows(db, { reference })
  return accessStatus({ reference, portalType }, row && storedStatus(row), now)
}

const statusRows = prepared((db, { reference }: { reference: string }) =>
  db.selectFrom('access_status').selectAll().where('reference', '=', reference),
)

function storedStatus({
  reporter,
  state,
  text,
  detail,
  created_at,
  since,
}: Selectable<AccessStatusTable>): StoredStatus {
  return { user: reporter, at: created_at, since, state, text, detail }
}
