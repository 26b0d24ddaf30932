import type { Context } from './context.ts'
import { textsOf } from './instance-rows.ts'
import type { Queries } from './queries.ts'
import { serverItems, serverRows } from './server-items.ts'

/** One server. */
export function serverQueries(context: Context): Pick<Queries, 'server'> {
  return {
    async server(scope, computer) {
      const row = await serverRows(context, scope).where('computer.reference', '=', computer).executeTakeFirst()
      const [item] = row ? await serverItems(context, scope, [row]) : []
      if (!row || !item) return undefined
      const facts = context.facts(computer)
      return {
        ...item,
        created: row.created_at,
        address: facts?.address ?? context.cloud.nodes.observedAddress(computer) ?? '',
        agentVersion: facts?.agentVersion ?? '',
        system: systemOf(row.facts_json),
        sharing: row.visibility,
        sharedWith: row.visibility === 'named' ? await projectsWith(context, row.id) : [],
        etag: String(row.revision),
      }
    },
  }
}

/** References only: how others call their projects is theirs. */
async function projectsWith({ db }: Context, computer: number): Promise<string[]> {
  const rows = await db
    .selectFrom('computer_share')
    .innerJoin('project', 'project.id', 'computer_share.project_id')
    .select('project.reference')
    .where('computer_share.computer_id', '=', computer)
    .orderBy('project.id')
    .execute()
  return rows.map(({ reference }) => reference)
}

function systemOf(json: string | null): string {
  if (json === null) return ''
  try {
    const os: unknown = JSON.parse(textsOf(json)['os_type'] ?? 'null')
    return Array.isArray(os) ? os.slice(1).map(String).filter(Boolean).join(' ') : ''
  } catch {
    return ''
  }
}
