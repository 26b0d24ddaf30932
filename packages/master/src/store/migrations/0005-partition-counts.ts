import { type Kysely, sql } from 'kysely'

/** Allocation compares nodes by these, and reads the partitions of the chosen one only. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const [column, state] of [
    ['free_count', 'free'],
    ['busy_count', 'busy'],
  ] as const) {
    await db.schema
      .alterTable('computer')
      .addColumn(column, 'integer', (c) => c.notNull().defaultTo(0))
      .execute()
    await sql`update computer set ${sql.id(column)} =
      (select count(*) from "partition" where "partition".computer_id = computer.id and "partition".state = ${sql.lit(state)})
    `.execute(db)
  }
}
