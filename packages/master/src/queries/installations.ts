import { fixed } from '../store/index.ts'
import type { Context } from './context.ts'
import { toStatus } from './indicators.ts'
import { installationId, installationRows, installationStates } from './installation-rows.ts'
import type { Queries, Scope } from './queries.ts'
import { releaseNames } from './releases.ts'
import { serverRows } from './server-items.ts'

/** Releases on a server. */
export function installationQueries(context: Context): Pick<Queries, 'installations' | 'installation'> {
  const { db } = context
  return {
    installations: (scope, computer) => installationsOf(scope, computer),

    async installation(scope, computer, id) {
      return (await installationsOf(scope, computer)).find((item) => item.id === id)
    },
  }

  async function installationsOf(scope: Scope, computer: string) {
    const mine = await serverRows(context, scope).where('computer.reference', '=', computer).executeTakeFirst()
    if (!mine) return []
    const found = await installationRows(context, { computers: [computer] })
    const urls = found.map((row) => row.url)
    const [states, names, used] = await Promise.all([
      installationStates(context, found),
      releaseNames(context, urls),
      usage(mine.id),
    ])
    return found.flatMap((row) => {
      const state = states.get(`${computer} ${row.url}`)
      if (!state) return []
      const { product, version } = names(row.url)
      const { reported, build } = state
      return {
        id: installationId(row.url),
        computer,
        computerTitle: row.title,
        url: row.url,
        product,
        version,
        desired: row.state,
        status: toStatus(state.indicator),
        requested: row.created_at,
        usage: used.get(row.url) ?? 0,
        phase: build?.phase ?? '',
        step: build?.step ?? 0,
        steps: build?.steps ?? 0,
        error: reported?.text.startsWith('#error') ? reported.detail || reported.text : '',
      }
    })
  }

  /** Instances on a server by release. */
  async function usage(computerId: number): Promise<ReadonlyMap<string, number>> {
    const used = await db
      .selectFrom('instance')
      .innerJoin('partition', 'partition.id', 'instance.partition_id')
      .select(['instance.release_url', (eb) => eb.fn.countAll<number>().as('count')])
      .where('partition.computer_id', '=', computerId)
      .where('instance.live', '=', fixed(1))
      .groupBy('instance.release_url')
      .execute()
    return new Map(used.map((row) => [row.release_url, Number(row.count)]))
  }
}
