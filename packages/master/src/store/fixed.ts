import { type RawBuilder, sql } from 'kysely'

/**
 * A constant of ours, written into the statement instead of bound to it. Conditions of partial indexes need this: a
 * database proves `live = 1` from the text; from a bound value SQLite can only by compiling the statement anew at each run.
 */
export function fixed<T extends string | number>(value: T): RawBuilder<T> {
  return sql.lit(value)
}
