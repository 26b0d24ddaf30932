import type { BuildReport, PartitionReport, ProcessReport, PromiseReport, Telemetry } from '@slapos/slap'
import type { HistoryEntry, NodeFacts } from './telemetry.ts'

/** Below this, a difference of clocks is the network's delay and no correction. */
const CLOCKS_AGREE_MS = 5_000

export interface Merged {
  readonly facts: NodeFacts
  /** What became different, for the history. */
  readonly history: readonly HistoryEntry[]
  /** Partitions whose facts differ from before. */
  readonly partitions: readonly string[]
  /** True: something that a reader can see is different. */
  readonly changed: boolean
}

export const noFacts = (computer: string, now: number, address: string): NodeFacts => ({
  ...{ computer, contact: now, address, agentVersion: '', clockOffset: 0 },
  ...{ processes: new Map(), promises: new Map(), builds: new Map(), partitions: new Map() },
})

/** The facts after a batch. Pure; times are moved to the Master's clock. */
export function merge(before: NodeFacts, batch: Telemetry, now: number): Merged {
  const measured = batch.now - now
  const shift = Math.abs(measured) > CLOCKS_AGREE_MS ? -measured : 0
  const processes = layer(before.processes, {
    ...{ full: batch.full, key: placeKey, items: batch.processes, removed: batch.removedProcesses.map(placeKey) },
    adjust: (item: ProcessReport) => ({ ...item, since: item.since + shift }),
  })
  const promises = layer(before.promises, {
    ...{ full: batch.full, key: placeKey, items: batch.promises, removed: batch.removedPromises.map(placeKey) },
    adjust: (item: PromiseReport) => ({ ...item, since: item.since + shift, checked: item.checked + shift }),
  })
  const builds = layer(before.builds, {
    ...{ full: batch.full, key: (item: BuildReport) => item.url, items: batch.builds, removed: [] },
    adjust: (item: BuildReport) => ({ ...item, since: item.since + shift }),
  })
  const partitions = layer(before.partitions, {
    ...{ full: batch.full, key: (item: PartitionReport) => item.partition, items: batch.partitions, removed: [] },
    adjust: (item: PartitionReport) => ({ ...item, since: item.since + shift }),
  })
  const history: HistoryEntry[] = [
    ...processes.changed
      .filter(({ was, is }) => was?.state !== is.state)
      .map(({ is }) => entry('process', is.partition, is.name, is.state, is.since, exitWords(is))),
    ...promises.changed
      .filter(({ was, is }) => was?.ok !== is.ok)
      .map(({ is }) => entry('promise', is.partition, is.name, is.ok ? 'ok' : 'failing', is.since, is.message)),
    ...builds.changed
      .filter(({ was, is }) => was?.phase !== is.phase || was.failed !== is.failed)
      .map(({ is }) => entry('build', '', is.url, is.failed ? 'failed' : is.phase, is.since, is.message.slice(0, 500))),
    ...partitions.changed
      .filter(({ was, is }) => was?.phase !== is.phase)
      .map(({ is }) => entry('partition', is.partition, is.partition, is.phase, is.since, is.message.slice(0, 500))),
  ]
  const touched = new Set([
    ...processes.changed.map(({ is }) => is.partition),
    ...promises.changed.map(({ is }) => is.partition),
    ...partitions.changed.map(({ is }) => is.partition),
    ...[...processes.gone, ...promises.gone].map((item) => item.partition),
  ])
  return {
    facts: {
      ...{ computer: before.computer, contact: now, address: before.address, agentVersion: batch.agentVersion },
      clockOffset: measured,
      processes: processes.all,
      promises: promises.all,
      builds: builds.all,
      partitions: partitions.all,
    },
    history,
    partitions: [...touched],
    changed:
      touched.size > 0 ||
      builds.changed.length + builds.gone.length + partitions.gone.length > 0 ||
      before.agentVersion !== batch.agentVersion,
  }
}

interface LayerInput<T> {
  readonly full: boolean
  readonly items: readonly T[]
  readonly removed: readonly string[]
  readonly key: (item: T) => string
  readonly adjust: (item: T) => T
}

interface Layer<T> {
  readonly all: ReadonlyMap<string, T>
  readonly changed: readonly { readonly was: T | undefined; readonly is: T }[]
  readonly gone: readonly T[]
}

function layer<T>(before: ReadonlyMap<string, T>, { full, items, removed, key, adjust }: LayerInput<T>): Layer<T> {
  const all = new Map(full ? [] : before)
  const changed: { was: T | undefined; is: T }[] = []
  for (const item of items) {
    const is = adjust(item)
    const was = before.get(key(is))
    all.set(key(is), is)
    if (was === undefined || JSON.stringify(visible(was)) !== JSON.stringify(visible(is))) changed.push({ was, is })
  }
  for (const each of removed) all.delete(each)
  return { all, changed, gone: [...before].filter(([id]) => !all.has(id)).map(([, item]) => item) }
}

/** A check that was made again with the same result is no news. */
const visible = (item: unknown): object => ({ ...(item as object), checked: 0, durationMs: 0 })

const placeKey = (item: { readonly partition: string; readonly name: string }): string =>
  `${item.partition}/${item.name}`

const exitWords = (process: ProcessReport): string =>
  process.exitCode === undefined ? '' : `exit code ${process.exitCode}`

function entry(
  kind: HistoryEntry['kind'],
  partition: string,
  name: string,
  state: string,
  at: number,
  message: string,
): HistoryEntry {
  return { kind, partition, name, state, at, message }
}
