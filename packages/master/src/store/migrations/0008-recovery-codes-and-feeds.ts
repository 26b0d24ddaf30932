import type { Kysely } from 'kysely'

/** What replaces a one-time code when the authenticator is lost, and addresses at which a person's news are read. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .alterTable('credential')
    .addColumn('recovery_json', 'text', (c) => c.notNull().defaultTo('[]'))
    .execute()
  await db.schema
    .createTable('feed')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('hash', 'text', (c) => c.notNull().unique())
    .addColumn('person', 'text', (c) => c.notNull())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('created', 'bigint', (c) => c.notNull())
    .addColumn('used', 'bigint')
    .execute()
  await db.schema.createIndex('feed_person').on('feed').columns(['person']).execute()
}
