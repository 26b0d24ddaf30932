import type { Status } from '../api/panel/schemas/index.ts'
import { readStatuses } from '../domain/status.ts'
import type { Context } from './context.ts'
import { instanceStatus } from './indicators.ts'
import { serverStatuses } from './server-rows.ts'

/** Columns of an instance with its place. */
export function instanceRows({ db }: Context) {
  return db
    .selectFrom('instance')
    .leftJoin('partition', 'partition.id', 'instance.partition_id')
    .leftJoin('computer', 'computer.id', 'partition.computer_id')
    .select([
      'instance.id',
      'instance.reference',
      'instance.tree_id',
      'instance.parent_id',
      'instance.title',
      'instance.shared',
      'instance.release_url',
      'instance.software_type',
      'instance.parameters_json',
      'instance.filter_json',
      'instance.connection_json',
      'instance.state',
      'instance.revision',
      'instance.created_at',
      'instance.waiting_json',
      'instance.waiting_since',
      'partition.reference as partition',
      'computer.reference as computer',
    ])
    .where('instance.live', '=', 1)
}

export type InstanceRow = Awaited<ReturnType<ReturnType<typeof instanceRows>['execute']>>[number]

/** Status of each instance, by reference: a constant number of queries, however many instances. */
export async function instanceStatuses(
  context: Context,
  rows: readonly InstanceRow[],
): Promise<ReadonlyMap<string, Status>> {
  const computers = [...new Set(rows.flatMap((row) => row.computer ?? []))]
  const [reports, servers] = await Promise.all([
    readStatuses(
      context.db,
      rows.map((row) => row.reference),
    ),
    serverStatuses(context, computers),
  ])
  const perPartition = new Map(computers.map((computer) => [computer, factsByPartition(context, computer)]))
  return new Map(
    rows.map((row) => {
      const { computer, partition } = row
      const facts = computer && partition && row.shared === 0 ? perPartition.get(computer)?.get(partition) : undefined
      return [
        row.reference,
        instanceStatus({
          desired: row.state,
          shared: row.shared === 1,
          created: row.created_at,
          placed: computer !== null,
          waiting: listOf(row.waiting_json),
          waitingSince: row.waiting_since,
          reported: reports.get(row.reference),
          published: row.connection_json !== '{}',
          computer: computer === null ? undefined : servers.get(computer)?.status,
          computerName: computer ?? '',
          phase: facts?.phase,
          brokenPromises: facts?.broken ?? [],
          failing: facts?.failing ?? [],
        }),
      ]
    }),
  )
}

interface PartitionFacts {
  phase: { phase: string; since: number; message: string } | undefined
  readonly broken: { name: string; message: string; since: number }[]
  readonly failing: { name: string; since: number }[]
}

function factsByPartition(context: Context, computer: string): ReadonlyMap<string, PartitionFacts> {
  const found = new Map<string, PartitionFacts>()
  const facts = context.facts(computer)
  const of = (partition: string): PartitionFacts => {
    const known = found.get(partition) ?? { phase: undefined, broken: [], failing: [] }
    found.set(partition, known)
    return known
  }
  for (const report of facts?.partitions.values() ?? []) of(report.partition).phase = report
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
