import type { Status } from '../api/panel/schemas/index.ts'
import { usableBy } from '../domain/allocation/usable.ts'
import { fixed } from '../store/index.ts'
import { type Context, projectIds } from './context.ts'
import type { Scope } from './queries.ts'

/** Servers of other projects where his projects may place instances: he sees that they are there, and no more. */
export async function sharedServers({ db }: Context, scope: Scope): Promise<number[]> {
  const mine = projectIds(scope)
  const rows = await db
    .selectFrom('computer')
    .select('computer.id')
    .where('computer.live', '=', fixed(1))
    .where('computer.scope', '<>', 'close/forever')
    .where('computer.visibility', '<>', 'project')
    .where('computer.project_id', 'not in', mine)
    .where(usableBy(mine))
    .execute()
  return rows.map(({ id }) => id)
}

const OF_CONTACT: ReadonlySet<string> = new Set(['Never seen', 'Late', 'Lost', 'In maintenance'])

/** What may be told of a server of somebody else: in what state it is, not what runs there and why it fails. */
export const discreet = (status: Status): Status => ({
  ...status,
  reason: OF_CONTACT.has(status.word) ? status.reason : '',
})
