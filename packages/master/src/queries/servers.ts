import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { serviceIndicator } from '../domain/indicator/instance-indicator.ts'
import type { Context } from './context.ts'
import { projectIds } from './context.ts'
import { status, toStatus } from './indicators.ts'
import { installationRows, installationStates } from './installation-rows.ts'
import { instanceIndicators, instanceRows, textsOf } from './instance-rows.ts'
import { containing, encode, orderOf } from './keyset.ts'
import type { Queries, Scope } from './queries.ts'
import { releaseNames } from './releases.ts'
import { serverIndicators } from './server-rows.ts'

type Mine = Pick<Queries, 'servers' | 'server' | 'partitions' | 'installations' | 'installation'>

export function serverQueries(context: Context): Mine {
  const { db } = context

  const rows = (scope: Scope) =>
    db
      .selectFrom('computer')
      .innerJoin('project', 'project.id', 'computer.project_id')
      .leftJoin('computer_format', 'computer_format.computer_id', 'computer.id')
      .select([
        'computer.id',
        'computer.reference',
        'computer.title',
        'computer.scope',
        'computer.revision',
        'computer.created_at',
        'project.reference as project',
        'computer_format.facts_json',
      ])
      .where('computer.live', '=', 1)
      .where('computer.project_id', 'in', projectIds(scope))

  type Row = Awaited<ReturnType<ReturnType<typeof rows>['execute']>>[number]

  async function items(found: readonly Row[]) {
    const ids = found.map((row) => row.id)
    const [statuses, counts, instances] = await Promise.all([
      serverIndicators(
        context,
        found.map((row) => row.reference),
      ),
      ids.length === 0
        ? []
        : db
            .selectFrom('partition')
            .select(['computer_id', 'state', (eb) => eb.fn.countAll<number>().as('count')])
            .where('computer_id', 'in', ids)
            .where('listed', '=', 1)
            .groupBy(['computer_id', 'state'])
            .execute(),
      ids.length === 0
        ? []
        : instanceRows(context).where('partition.computer_id', 'in', ids).where('instance.shared', '=', 0).execute(),
    ])
    const states = await instanceIndicators(context, instances)
    return found.map((row) => {
      const own = counts.filter((count) => count.computer_id === row.id)
      const total = own.reduce((sum, { count }) => sum + Number(count), 0)
      const busy = own.reduce((sum, { count, state }) => sum + (state === 'busy' ? Number(count) : 0), 0)
      const parts = instances
        .filter((instance) => instance.computer === row.reference)
        .flatMap(({ reference, title }) => {
          const found = states.get(reference)
          return found ? [{ title, ...found }] : []
        })
      const none = status('grey', 'Free', total === 0 ? 'not formatted yet' : 'nothing runs here yet', null)
      const known = statuses.get(row.reference)
      return {
        computer: row.reference,
        title: row.title,
        scope: row.scope,
        project: row.project,
        status: known ? toStatus(known.indicator) : none,
        partitionsStatus: parts.length === 0 ? none : toStatus(serviceIndicator('started', parts)),
        partitions: total,
        busy,
        contact: known?.contact ?? null,
      }
    })
  }

  return {
    async servers(scope, query) {
      const order = orderOf(query, { title: 'title', reference: 'id', created: 'created_at' }, 'title')
      let selected = rows(scope)
      let counted = db
        .selectFrom('computer')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('live', '=', 1)
        .where('project_id', 'in', projectIds(scope))
      if (query.q) {
        const like = containing(query.q)
        const matches = sql<boolean>`(lower(computer.title) like ${like} escape '\\' or lower(computer.reference) like ${like} escape '\\')`
        selected = selected.where(matches)
        counted = counted.where(matches)
      }
      const colors = query.color?.split(',').filter(Boolean) ?? []
      const { column, descending, limit } = order
      const side = descending ? '<' : '>'
      let after = order.after
      const kept: Awaited<ReturnType<typeof items>> = []
      let next: string | null = null
      // With colours, which SQL does not know, pages are read until one is full.
      for (let tries = 0; tries < 40; tries++) {
        let page = selected
        if (after) {
          const { value, id } = after
          page = page.where(
            sql<boolean>`(${sql.ref(`computer.${column}`)}, computer.id) ${sql.raw(side)} (${value}, ${id})`,
          )
        }
        const found = await page
          .orderBy(`computer.${column}`, descending ? 'desc' : 'asc')
          .orderBy('computer.id', descending ? 'desc' : 'asc')
          .limit(limit + 1)
          .execute()
        const shown = await items(found.slice(0, limit))
        kept.push(...shown.filter((item) => colors.length === 0 || colors.includes(item.status.color)))
        const last = found[Math.min(found.length, limit) - 1]
        if (found.length <= limit || !last) {
          next = null
          break
        }
        after = { value: last[column], id: last.id }
        next = encode(after)
        if (kept.length >= limit) break
      }
      const total = await counted.executeTakeFirst()
      return { items: kept, next, total: Number(total?.count ?? 0) }
    },

    async server(scope, computer) {
      const row = await rows(scope).where('computer.reference', '=', computer).executeTakeFirst()
      const [item] = row ? await items([row]) : []
      if (!row || !item) return undefined
      const facts = context.facts(computer)
      return {
        ...item,
        created: row.created_at,
        address: facts?.address ?? context.cloud.nodes.observedAddress(computer) ?? '',
        agentVersion: facts?.agentVersion ?? '',
        system: systemOf(row.facts_json),
        etag: String(row.revision),
      }
    },

    async partitions(scope, computer) {
      const partitions = await db
        .selectFrom('partition')
        .innerJoin('computer', 'computer.id', 'partition.computer_id')
        .select(['partition.id', 'partition.reference', 'partition.ip_json'])
        .where('computer.reference', '=', computer)
        .where('computer.project_id', 'in', projectIds(scope))
        .where('partition.listed', '=', 1)
        .orderBy('partition.position')
        .execute()
      if (partitions.length === 0) return []
      const instances = await instanceRows(context)
        .innerJoin('tree', 'tree.id', 'instance.tree_id')
        .innerJoin('instance as root', 'root.id', 'tree.root_id')
        .select(['tree.title as service_title', 'root.reference as service', 'instance.partition_id'])
        .where('computer.reference', '=', computer)
        .where('instance.shared', '=', 0)
        .execute()
      const statuses = await instanceIndicators(context, instances)
      return partitions.map(({ id, reference, ip_json }) => {
        const found = instances.find((instance) => instance.partition_id === id)
        const state = found && statuses.get(found.reference)
        return {
          partition: reference,
          addresses: [...new Set(addressesOf(ip_json))],
          instance:
            found && state
              ? {
                  reference: found.reference,
                  title: found.title,
                  service: found.service,
                  serviceTitle: found.service_title,
                  status: toStatus(state),
                }
              : null,
        }
      })
    },

    installations: (scope, computer) => installationsOf(scope, computer),

    async installation(scope, computer, id) {
      return (await installationsOf(scope, computer)).find((item) => item.id === id)
    },
  }

  async function installationsOf(scope: Scope, computer: string) {
    const mine = await rows(scope).where('computer.reference', '=', computer).executeTakeFirst()
    if (!mine) return []
    const found = await installationRows(context, [computer])
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
        id: createHash('md5').update(row.url).digest('hex'),
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
      .where('instance.live', '=', 1)
      .groupBy('instance.release_url')
      .execute()
    return new Map(used.map((row) => [row.release_url, Number(row.count)]))
  }
}

function addressesOf(json: string): string[] {
  const value: unknown = JSON.parse(json)
  return Array.isArray(value) ? value.flatMap((entry) => (Array.isArray(entry) ? [String(entry[1])] : [])) : []
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
