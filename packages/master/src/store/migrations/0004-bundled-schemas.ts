import { type Kysely, sql } from 'kysely'

/** Descriptions of releases hold complete schemas from now on: those kept before are fetched anew when asked for. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`update description set description_json = null`.execute(db)
}
