import { createHash } from 'node:crypto'
import { type Indicator, installationIndicator } from '../domain/indicator/indicator.ts'
import { readStatuses, type StoredStatus } from '../domain/status.ts'
import { fixed } from '../store/index.ts'
import { numberIn } from './filter.ts'
import type { IndicatorContext } from './indicator-context.ts'
import { serverIndicators } from './server-rows.ts'

/** Releases on servers: all of some servers, newest first, or these. */
export async function installationRows(
  { db }: IndicatorContext,
  which: { readonly computers: readonly string[] } | { readonly ids: readonly number[] },
) {
  const rows = db
    .selectFrom('installation')
    .innerJoin('computer', 'computer.id', 'installation.computer_id')
    .select([
      'installation.id',
      'installation.reference',
      'installation.url',
      'installation.state',
      'installation.created_at',
      'computer.id as computer_id',
      'computer.reference as computer',
      'computer.title',
    ])
    .where('installation.live', '=', fixed(1))
    .orderBy('installation.id', 'desc')
  if ('ids' in which) return rows.where(numberIn('installation.id', which.ids)).execute()
  return which.computers.length === 0 ? [] : rows.where('computer.reference', 'in', [...which.computers]).execute()
}

export type InstallationRow = Awaited<ReturnType<typeof installationRows>>[number]

export interface InstallationState {
  readonly indicator: Indicator
  readonly reported: StoredStatus | undefined
  /** What the node builds now. */
  readonly build: { readonly phase: string; readonly step: number; readonly steps: number } | undefined
}

/** Indicators of releases on servers, by `COMP-n URL`. */
export async function installationStates(
  context: IndicatorContext,
  rows: readonly InstallationRow[],
): Promise<ReadonlyMap<string, InstallationState>> {
  const [statuses, servers] = await Promise.all([
    readStatuses(
      context.db,
      rows.map((row) => row.reference),
    ),
    serverIndicators(context, [...new Set(rows.map((row) => row.computer))]),
  ])
  return new Map(
    rows.flatMap((row) => {
      const server = servers.get(row.computer)
      if (!server) return []
      const reported = statuses.get(row.reference)
      const told = context.facts(row.computer)?.builds.get(row.url)
      const build = told && !told.failed && reported?.text.startsWith('#building') ? told : undefined
      const found = installationIndicator({
        desired: row.state,
        status: reported,
        createdAt: row.created_at,
        computer: server.indicator,
        phase: build && (build.steps > 0 ? `step ${build.step} of ${build.steps}: ${build.phase}` : build.phase),
      })
      return [[`${row.computer} ${row.url}`, { indicator: found, reported, build }] as const]
    }),
  )
}

/** How pages name a release on a server. */
export const installationId = (url: string): string => createHash('md5').update(url).digest('hex')
