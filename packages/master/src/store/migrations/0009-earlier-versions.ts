import type { Kysely } from 'kysely'

/** What was asked for before each change of a service: it can be compared with, and asked for again. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('earlier_version')
    .addColumn('instance_id', 'bigint', (c) => c.notNull())
    .addColumn('revision', 'bigint', (c) => c.notNull())
    .addColumn('replaced_at', 'bigint', (c) => c.notNull())
    .addColumn('replaced_by', 'text', (c) => c.notNull())
    .addColumn('release_url', 'text', (c) => c.notNull())
    .addColumn('software_type', 'text', (c) => c.notNull())
    .addColumn('parameters_json', 'text', (c) => c.notNull())
    .addColumn('filter_json', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('earlier_version_key', ['instance_id', 'revision'])
    .execute()
}
