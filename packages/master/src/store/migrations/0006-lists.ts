import { type Kysely, sql } from 'kysely'

/** Pages of services are read in their order, and a node's tenants without its whole history. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`create index tree_created on tree (project_id, created_at, id)`.execute(db)
  await sql`create index tree_named on tree (project_id, title, id)`.execute(db)
  await sql`create index instance_place on instance (partition_id) where live = 1`.execute(db)
}
