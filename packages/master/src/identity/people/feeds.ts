import type { Clock } from '@slapos/base'
import type { Store } from '../../store/index.ts'
import type { FeedTable } from '../../store/tables/identity.ts'
import type { FeedRecord, Feeds } from '../identity.ts'
import type { Recorder } from '../recorder.ts'
import { hashSecret, newId, newSecret } from '../secrets.ts'

const PREFIX = 'feed_'
const USED_EVERY = 5 * 60_000

interface Options {
  readonly store: Store
  readonly record: Recorder
  readonly clock: Clock
}

export function createFeeds({ store, record, clock }: Options): Feeds {
  return {
    async create(person, title) {
      const secret = PREFIX + newSecret()
      const row: FeedTable = {
        ...{ id: newId(), hash: hashSecret(secret), person, title: title.slice(0, 200) },
        ...{ created: clock.now(), used: null },
      }
      await store.tx(async (sql) => {
        await sql.insertInto('feed').values(row).execute()
        await record(sql, {
          ...{ kind: 'person', reference: person, target: title, action: 'feed added', actor: person, project: null },
        })
      })
      return { secret, record: recordOf(row) }
    },
    async find(secret) {
      if (!secret.startsWith(PREFIX)) return undefined
      const row = await store.read
        .selectFrom('feed')
        .innerJoin('person', 'person.reference', 'feed.person')
        .selectAll('feed')
        .where('feed.hash', '=', hashSecret(secret))
        .where('person.state', '=', 'active')
        .executeTakeFirst()
      if (row === undefined) return undefined
      const used = clock.now()
      if (used - (row.used ?? 0) > USED_EVERY) {
        await store.tx((sql) => sql.updateTable('feed').set({ used }).where('id', '=', row.id).execute())
      }
      return recordOf(row)
    },
    async list(person) {
      const rows = await store.read
        .selectFrom('feed')
        .selectAll()
        .where('person', '=', person)
        .orderBy('created', 'desc')
        .execute()
      return rows.map(recordOf)
    },
    revoke: (person, id) =>
      store.tx(async (sql) => {
        const row = await sql
          .selectFrom('feed')
          .selectAll()
          .where('person', '=', person)
          .where('id', '=', id)
          .executeTakeFirst()
        if (row === undefined) return
        await sql.deleteFrom('feed').where('id', '=', id).execute()
        const about = { target: row.title, action: 'feed removed', actor: person, project: null }
        await record(sql, { kind: 'person', reference: person, ...about })
      }),
  }
}

function recordOf({ id, person, title, created, used }: FeedTable): FeedRecord {
  return { id, person, title, created, used: used ?? undefined }
}
