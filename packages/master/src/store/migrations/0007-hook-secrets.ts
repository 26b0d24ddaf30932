import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'

/** What a web hook receives is signed with a secret of its own. */
export async function up(
  db: Kysely<{ notification_target: { id: string; kind: string; secret: string } }>,
): Promise<void> {
  await db.schema
    .alterTable('notification_target')
    .addColumn('secret', 'text', (c) => c.notNull().defaultTo(''))
    .execute()
  const hooks = await db.selectFrom('notification_target').select('id').where('kind', '=', 'webhook').execute()
  for (const { id } of hooks) {
    const secret = randomBytes(24).toString('base64url')
    await db.updateTable('notification_target').set({ secret }).where('id', '=', id).execute()
  }
}
