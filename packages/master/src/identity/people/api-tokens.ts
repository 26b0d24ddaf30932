import type { Clock } from '@slapos/base'
import type { Store } from '../../store/index.ts'
import type { ApiTokenTable } from '../../store/tables/identity.ts'
import type { ApiTokenRecord, ApiTokens } from '../identity.ts'
import type { Recorder } from '../recorder.ts'
import { hashSecret, newId, newSecret } from '../secrets.ts'

const PREFIX = 'slapos_'
const USED_EVERY = 5 * 60_000

interface Options {
  readonly store: Store
  readonly record: Recorder
  readonly clock: Clock
}

export function createApiTokens({ store, record, clock }: Options): ApiTokens {
  return {
    async create({ person, title, scope, project, lifeMs }) {
      // The prefix lets secret scanners recognise a leaked one.
      const secret = PREFIX + newSecret()
      const created = clock.now()
      const row: ApiTokenTable = {
        ...{ id: newId(), hash: hashSecret(secret), person, title: title.slice(0, 200), scope },
        ...{ project: project ?? null, created, expires: created + lifeMs, used: null },
      }
      await store.tx(async (sql) => {
        await sql.insertInto('api_token').values(row).execute()
        await record(sql, {
          ...{ kind: 'person', reference: person, target: row.id, action: 'API token created' },
          ...{ actor: person, project: row.project },
        })
      })
      return { secret, record: recordOf(row) }
    },
    async find(secret) {
      if (!secret.startsWith(PREFIX)) return undefined
      const row = await store.read
        .selectFrom('api_token')
        .innerJoin('person', 'person.reference', 'api_token.person')
        .selectAll('api_token')
        .where('hash', '=', hashSecret(secret))
        .where('person.state', '=', 'active')
        .executeTakeFirst()
      const used = clock.now()
      if (row === undefined || row.expires <= used) return undefined
      if (used - (row.used ?? 0) > USED_EVERY) {
        await store.tx((sql) => sql.updateTable('api_token').set({ used }).where('id', '=', row.id).execute())
      }
      return recordOf(row)
    },
    async list(person) {
      const rows = await store.read
        .selectFrom('api_token')
        .selectAll()
        .where('person', '=', person)
        .orderBy('created', 'desc')
        .execute()
      return rows.map(recordOf)
    },
    revoke: (person, id) =>
      store.tx(async (sql) => {
        const { numDeletedRows } = await sql
          .deleteFrom('api_token')
          .where('person', '=', person)
          .where('id', '=', id)
          .executeTakeFirst()
        if (numDeletedRows === 0n) return
        await record(sql, {
          ...{ kind: 'person', reference: person, target: id, action: 'API token revoked' },
          ...{ actor: person, project: null },
        })
      }),
  }
}

function recordOf(row: ApiTokenTable): ApiTokenRecord {
  const { id, person, title, scope, created, expires } = row
  return { id, person, title, scope, created, expires, project: row.project ?? undefined, used: row.used ?? undefined }
}
