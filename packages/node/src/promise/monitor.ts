import { type Clock, type Logger, messageOf, silentLogger, systemClock } from '@slapos/base'
import type { PlannedPromise } from '@slapos/release'
import type { PromiseReport } from '@slapos/slap'
import { type CheckSurroundings, check } from './check.ts'
import type { PartitionContext } from './check-outcome.ts'
import { CheckPool } from './pool.ts'
import { nextDelay } from './schedule.ts'

export interface PromiseMonitorOptions extends CheckSurroundings {
  /** Called with what changed in a partition, to write `.slapgrid/promise/result/` with the partition's rights. */
  readonly save?: (partition: string, reports: readonly PromiseReport[]) => Promise<void>
  /** What was known before (an earlier agent's last word): `since` goes on from there. */
  readonly known?: readonly PromiseReport[]
  readonly atOnce?: number
  readonly atOncePerPartition?: number
  readonly clock?: Clock
  readonly logger?: Logger
}

export interface PromiseMonitor {
  /** Makes these the promises of a partition. Those that did not change keep their results and their pace. */
  set(partition: string, promises: readonly PlannedPromise[], context: PartitionContext): void
  /** The partition has no promises any more: stopped, destroyed. Running checks end. */
  forget(partition: string): void
  /** Last result of every promise that was checked, ordered by partition and name. */
  results(partition?: string): readonly PromiseReport[]
  /** The last results of one promise, oldest first, at most `HISTORY`. */
  history(partition: string, name: string): readonly PromiseReport[]
  /** Checks all promises of a partition now, whatever their pace, and answers when each was checked. */
  checkNow(partition: string): Promise<readonly PromiseReport[]>
  /** A first result, a turn of `ok`, or another message. Says nothing else: a failing promise has no other effect. */
  onChange(listener: (report: PromiseReport) => void): () => void
  /** A promise that is no longer there. */
  onRemoved(listener: (gone: { readonly partition: string; readonly name: string }) => void): () => void
  close(): Promise<void>
}

export const HISTORY = 20
/** A result file is written when the result changed; else it is refreshed once in a while, for its date. */
const REFRESH_MS = 5 * 60_000

interface Watched {
  readonly partition: string
  readonly promise: PlannedPromise
  readonly identity: string
  readonly context: PartitionContext
  readonly stop: AbortController
  readonly loop: Promise<void>
  /** Wakes the loop before its time. */
  wake: () => void
  history: readonly PromiseReport[]
  failures: number
  saved: number
}

export function createPromiseMonitor(options: PromiseMonitorOptions): PromiseMonitor {
  const { clock = systemClock, logger = silentLogger, atOnce = 16, atOncePerPartition = 4 } = options
  const pool = new CheckPool(atOnce, atOncePerPartition)
  const watched = new Map<string, Watched>()
  const known = new Map((options.known ?? []).map((report) => [key(report.partition, report.name), report]))
  const changes = new Set<(report: PromiseReport) => void>()
  const removals = new Set<(gone: { partition: string; name: string }) => void>()
  const ending = new Set<Promise<void>>()

  async function checkOnce(each: Watched): Promise<void> {
    const { partition, promise, context, stop } = each
    const began = clock.monotonic()
    const outcome = await check(partition, promise, context, options, stop.signal)
    if (stop.signal.aborted) return
    const now = clock.now()
    const before = each.history.at(-1) ?? known.get(key(partition, promise.name))
    const report: PromiseReport = {
      partition,
      name: promise.name,
      ...outcome,
      checked: now,
      since: before?.ok === outcome.ok ? before.since : now,
      durationMs: clock.monotonic() - began,
    }
    const first = each.history.length === 0
    each.history = [...each.history, report].slice(-HISTORY)
    each.failures = outcome.ok ? 0 : each.failures + 1
    const changed = first || before?.ok !== report.ok || before.message !== report.message
    if (changed) for (const listener of changes) listener(report)
    if (options.save && (changed || began - each.saved > REFRESH_MS)) {
      each.saved = began
      await options.save(partition, [report]).catch((error: unknown) => {
        logger.warning(`cannot write the result of promise ${promise.name} of ${partition}: ${messageOf(error)}`)
      })
    }
  }

  async function keepChecking(each: Watched): Promise<void> {
    const { signal } = each.stop
    while (!signal.aborted) {
      await pool.run(each.partition, () => (signal.aborted ? Promise.resolve() : checkOnce(each)))
      if (signal.aborted) return
      const last = each.history.at(-1)
      await pause(each, nextDelay(each.promise.period, last && { ok: last.ok, failures: each.failures }))
    }
  }

  async function pause(each: Watched, ms: number): Promise<void> {
    const early = new AbortController()
    each.wake = () => early.abort()
    await clock.sleep(ms, AbortSignal.any([early.signal, each.stop.signal])).catch(() => {})
    each.wake = () => {}
  }

  function add(partition: string, promise: PlannedPromise, context: PartitionContext): void {
    const { promise: begun, resolve } = Promise.withResolvers<void>()
    const each: Watched = {
      partition,
      promise,
      identity: identityOf(promise, context),
      context,
      stop: new AbortController(),
      loop: begun.then(() => keepChecking(each)),
      wake: () => {},
      history: [],
      failures: 0,
      saved: Number.NEGATIVE_INFINITY,
    }
    watched.set(key(partition, promise.name), each)
    resolve()
  }

  function drop(each: Watched): void {
    watched.delete(key(each.partition, each.promise.name))
    each.stop.abort()
    ending.add(each.loop)
    void each.loop.finally(() => ending.delete(each.loop))
  }

  const of = (partition: string) => [...watched.values()].filter((each) => each.partition === partition)
  const last = (list: readonly Watched[]) => list.flatMap(({ history }) => history.at(-1) ?? [])

  const monitor: PromiseMonitor = {
    set(partition, promises, context) {
      const wanted = new Map(promises.map((promise) => [promise.name, identityOf(promise, context)]))
      for (const each of of(partition)) {
        if (wanted.get(each.promise.name) === each.identity) continue
        drop(each)
        if (wanted.has(each.promise.name)) continue
        known.delete(key(partition, each.promise.name))
        for (const listener of removals) listener({ partition, name: each.promise.name })
      }
      for (const promise of promises) {
        if (!watched.has(key(partition, promise.name))) add(partition, promise, context)
      }
    },
    forget: (partition) => monitor.set(partition, [], { directory: '/', runAs: { kind: 'self' } }),
    results(partition) {
      const list = partition === undefined ? [...watched.values()] : of(partition)
      return last(list).sort((a, b) => compare(a.partition, b.partition) || compare(a.name, b.name))
    },
    history: (partition, name) => watched.get(key(partition, name))?.history ?? [],
    async checkNow(partition) {
      await Promise.all(of(partition).map((each) => pool.run(partition, () => checkOnce(each))))
      for (const each of of(partition)) each.wake()
      return monitor.results(partition)
    },
    onChange: (listener) => subscribe(changes, listener),
    onRemoved: (listener) => subscribe(removals, listener),
    async close() {
      for (const each of [...watched.values()]) drop(each)
      await Promise.all(ending)
    },
  }
  return monitor
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const key = (partition: string, name: string) => `${partition}:${name}`
const identityOf = (promise: PlannedPromise, context: PartitionContext) => JSON.stringify([promise, context])
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
