import { masterErrors } from '../errors.ts'
import { prepared, type Reader, type Sql } from '../store/index.ts'

/** Every limit, with its default. A row of `resource_limit` replaces it for one project, node or person, or for all. */
export const LIMITS = {
  /** Instances of a project that are not slaves. */
  instances: 10_000,
  slaves: 200_000,
  /** Living nodes of a project. */
  computers: 5_000,
  /** Bytes of the parameters of one instance, and of what it publishes. */
  parameter_bytes: 1_000_000,
  /** Bytes of telemetry that a node may send in a minute. */
  telemetry_bytes_per_minute: 16_000_000,
  /** Bytes of log kept for a node. */
  log_bytes: 64_000_000,
  /** Event streams open at once for one node or person. */
  streams: 50,
} as const

export type LimitName = keyof typeof LIMITS
export type LimitScope = 'project' | 'computer' | 'person'

export async function limitOf(
  db: Reader | Sql,
  name: LimitName,
  scope: LimitScope,
  reference: string,
): Promise<number> {
  const rows = await limitRows(db, { name, scope, reference })
  const particular = rows.find((row) => row.scope !== 'default') ?? rows[0]
  return particular?.value ?? LIMITS[name]
}

const limitRows = prepared(
  (db, { name, scope, reference }: { name: LimitName; scope: LimitScope; reference: string }) =>
    db
      .selectFrom('resource_limit')
      .select(['scope', 'value'])
      .where('name', '=', name)
      .where((eb) =>
        eb.or([
          eb.and([eb('scope', '=', scope), eb('reference', '=', reference)]),
          eb.and([eb('scope', '=', 'default'), eb('reference', '=', '')]),
        ]),
      ),
)

/** Throws LIMIT_REACHED, naming the limit, when `wanted` is more than it. */
export async function checkLimit(
  db: Reader | Sql,
  name: LimitName,
  scope: LimitScope,
  reference: string,
  wanted: number,
): Promise<void> {
  const value = await limitOf(db, name, scope, reference)
  if (wanted > value) throw masterErrors.LIMIT_REACHED({ limit: name, where: reference, value })
}
