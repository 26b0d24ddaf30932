import { sql } from 'kysely'
import type { Indicator } from '../domain/indicator/indicator.ts'
import { instanceIndicator } from '../domain/indicator/instance-indicator.ts'
import { readStatuses } from '../domain/status.ts'
import { fixed } from '../store/index.ts'
import type { IndicatorContext } from './indicator-context.ts'
import { installationRows, installationStates } from './installation-rows.ts'
import { serverIndicators } from './server-rows.ts'

/** What the indicator of an instance needs of its row, with its place. */
export function instanceStateRows({ db }: IndicatorContext) {
  return db
    .selectFrom('instance')
    .leftJoin('partition', 'partition.id', 'instance.partition_id')
    .leftJoin('computer', 'computer.id', 'partition.computer_id')
    .select([
      'instance.id',
      'instance.reference',
      'instance.tree_id',
      'instance.title',
      'instance.shared',
      'instance.release_url',
      'instance.state',
      'instance.created_at',
      'instance.waiting_json',
      'instance.waiting_since',
      'partition.reference as partition',
      'computer.reference as computer',
      'partition.computer_id',
      sql<number>`case when instance.connection_json = '{}' then 0 else 1 end`.as('published'),
    ])
    .where('instance.live', '=', fixed(1))
}

/** The same with what people asked for and what was published. */
export const instanceRows = (context: IndicatorContext) =>
  instanceStateRows(context).select([
    'instance.parent_id',
    'instance.software_type',
    'instance.parameters_json',
    'instance.filter_json',
    'instance.connection_json',
    'instance.revision',
    'computer.title as computer_title',
  ])

export type InstanceStateRow = Awaited<ReturnType<ReturnType<typeof instanceStateRows>['execute']>>[number]
export type InstanceRow = Awaited<ReturnType<ReturnType<typeof instanceRows>['execute']>>[number]

/** Indicator of each instance, by reference: a constant number of queries, however many instances. */
export async function instanceIndicators(
  context: IndicatorContext,
  rows: readonly InstanceStateRow[],
): Promise<ReadonlyMap<string, Indicator>> {
  const computers = [...new Set(rows.flatMap((row) => row.computer ?? []))]
  const [reports, servers, installations] = await Promise.all([
    readStatuses(
      context.db,
      rows.map((row) => row.reference),
    ),
    serverIndicators(context, computers),
    installationRows(context, { computers }),
  ])
  const releases = await installationStates(context, installations)
  const perPartition = new Map(computers.map((computer) => [computer, factsByPartition(context, computer)]))
  return new Map(
    rows.map((row) => {
      const { computer, partition } = row
      const facts = computer && partition && row.shared === 0 ? perPartition.get(computer)?.get(partition) : undefined
      const reported = reports.get(row.reference)
      return [
        row.reference,
        instanceIndicator({
          desired: row.state,
          shared: row.shared === 1,
          createdAt: row.created_at,
          computer: computer === null ? undefined : servers.get(computer)?.indicator,
          waiting: listOf(row.waiting_json),
          waitingSince: row.waiting_since,
          status: reported,
          reportedState: reported?.state ?? '',
          published: row.published === 1,
          installation: releases.get(`${computer} ${row.release_url}`)?.indicator,
          failingPromises: facts?.broken ?? [],
          failingProcesses: facts?.failing ?? [],
        }),
      ]
    }),
  )
}

interface PartitionFacts {
  readonly broken: { name: string; message: string; since: number }[]
  readonly failing: { name: string; state: string; since: number }[]
}

function factsByPartition(context: IndicatorContext, computer: string): ReadonlyMap<string, PartitionFacts> {
  const found = new Map<string, PartitionFacts>()
  const facts = context.facts(computer)
  const of = (partition: string): PartitionFacts => {
    const known = found.get(partition) ?? { broken: [], failing: [] }
    found.set(partition, known)
    return known
  }
  for (const promise of facts?.promises.values() ?? []) if (!promise.ok) of(promise.partition).broken.push(promise)
  for (const process of facts?.processes.values() ?? []) {
    if (process.state === 'BACKOFF' || process.state === 'FATAL') of(process.partition).failing.push(process)
  }
  return found
}

export function listOf(json: string): string[] {
  const value: unknown = JSON.parse(json)
  return Array.isArray(value) ? value.map(String) : []
}

export function textsOf(json: string): Record<string, string> {
  const value: unknown = JSON.parse(json)
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)]))
}
