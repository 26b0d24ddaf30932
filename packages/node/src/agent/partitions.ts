/** Processes partitions: keeps their states, runs their passes, backs off from failures, tells how each stands. */
import { dirname } from 'node:path'
import { backoffDelay, messageOf } from '@slapos/base'
import type { DesiredOccupant, PartitionReport } from '@slapos/slap'
import { nodeErrors } from '../errors.ts'
import { evaluateInstance } from '../instance/evaluate.ts'
import { type Evaluation, type PassResult, runPass } from '../instance/executor.ts'
import type { PartitionWish, Phase, ReleaseFact } from '../instance/planner.ts'
import { createRecordStore } from '../instance/record-store.ts'
import { type LiveState, NOTHING_LIVE, type PartitionRecord, type PartitionState } from '../instance/state.ts'
import type { MasterLink } from '../link/link.ts'
import { spaceMissing } from '../space.ts'
import type { Desired } from './desired.ts'
import type { AgentParts } from './parts.ts'
import { PassQueue } from './pass-queue.ts'
import type { SlaveFeeds } from './slave-feeds.ts'

export interface PartitionsOptions {
  readonly parts: AgentParts
  readonly link: () => MasterLink
  readonly desired: () => Desired
  /** Counts the Master's answers. */
  readonly poll: () => number
  readonly slaves: SlaveFeeds
  readonly onReport: (report: PartitionReport) => void
}

const BACKOFF = { first: 2000, most: 600_000 }

export class Partitions {
  readonly #options: PartitionsOptions
  readonly #store
  readonly #states = new Map<string, PartitionState>()
  readonly #reports = new Map<string, PartitionReport>()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  /** Passes that the Master's absence left unfinished. */
  readonly #pending = new Set<string>()
  readonly #queue: PassQueue
  readonly #abort = new AbortController()

  constructor(options: PartitionsOptions) {
    this.#options = options
    const { config } = options.parts
    this.#store = createRecordStore(`${config.paths.state}/partitions`)
    this.#queue = new PassQueue(config.parallelPartitions, (partition) => this.#pass(partition))
  }

  /** Reads the records. */
  async open(): Promise<void> {
    for (const partition of await this.#store.list()) {
      try {
        const record = await this.#store.load(partition)
        if (record) this.#states.set(partition, { record, live: NOTHING_LIVE })
      } catch (error) {
        this.#log(partition).error(messageOf(error))
      }
    }
  }

  /** `force` evaluates although nothing changed, and forgets the back-off. */
  process(partition: string, { force = false } = {}): void {
    if (force) {
      const { record, live } = this.#state(partition)
      this.#states.set(partition, { record: record && { ...record, failure: null }, live: { ...live, force: true } })
    }
    this.#queue.add(partition)
  }

  processAll(): void {
    for (const partition of this.names()) this.#queue.add(partition)
  }

  processPending(): void {
    for (const partition of this.#pending) this.#queue.add(partition)
  }

  names(): readonly string[] {
    return [...new Set([...Object.keys(this.#options.desired().partitions), ...this.#states.keys()])].sort()
  }

  /** A restored Master may have lost what it was told: it is told again. */
  forgetReports(): void {
    for (const [partition, { record, live }] of this.#states) {
      if (!record) continue
      const fresh = { ...record, reported: null, published: null, publishedSlaves: {} }
      this.#states.set(partition, { record: fresh, live })
    }
  }

  reports(): readonly PartitionReport[] {
    return [...this.#reports.values()]
  }

  failures(): readonly { readonly partition: string; readonly softwareType: string; readonly message: string }[] {
    return this.names().flatMap((partition) => {
      const failure = this.#states.get(partition)?.record?.failure
      const occupant = this.#options.desired().partitions[partition]
      if (!failure || !occupant) return []
      return [{ partition, softwareType: occupant.softwareType, message: failure.message }]
    })
  }

  idle(): Promise<void> {
    return this.#queue.idle()
  }

  async close(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#abort.abort()
    await this.#queue.close()
  }

  #state(partition: string): PartitionState {
    return this.#states.get(partition) ?? { record: undefined, live: NOTHING_LIVE }
  }

  #log(partition: string) {
    return this.#options.parts.logs.logger('instance', partition)
  }

  async #pass(partition: string): Promise<void> {
    clearTimeout(this.#timers.get(partition))
    const wanted = this.#options.desired()
    const occupant = wanted.partitions[partition] ?? null
    // Before the first answer of any Master nothing is known, and nothing may be undone.
    if (wanted.position === undefined) return
    const wish = await this.#wish(partition, occupant)
    const state = this.#state(partition)
    const failure = state.record?.failure
    const wishKey = wishOf(occupant, wish.release)
    const { clock } = this.#options.parts
    // Services that this agent has not seen yet are restored in spite of an earlier failure.
    if (failure && failure.wish === wishKey && failure.retryAt > clock.now() && state.live.supervised !== null) {
      return this.#later(partition, failure.retryAt - clock.now())
    }
    try {
      const result = await this.#run(partition, state, wish)
      this.#settled(partition, result)
    } catch (error) {
      if (!this.#abort.signal.aborted) await this.#failed(partition, wishKey, messageOf(error))
    }
  }

  async #run(partition: string, state: PartitionState, wish: PartitionWish): Promise<PassResult> {
    const { parts, slaves } = this.#options
    const log = this.#log(partition)
    const { occupant } = wish
    let said = false
    const say = () => {
      if (said || !occupant) return
      said = true
      this.#report(partition, 'processing', '')
      log.info(`Processing Computer Partition ${partition}.`)
      log.info(`  Software URL: ${occupant.releaseUrl}`)
      log.info(`  Software path: ${parts.builder.directory(occupant.releaseUrl)}`)
      log.info(`  Instance path: ${parts.host.directory(partition)}`)
      log.info(`  Instance status: ${occupant.state}`)
    }
    const result = await runPass(
      partition,
      state,
      wish,
      {
        host: parts.host,
        link: this.#options.link(),
        supervisor: parts.supervisor,
        promises: {
          set: async (name, promises) => {
            if (promises.length === 0) return parts.promises.forget(name)
            const context = { directory: parts.host.directory(name), runAs: await parts.host.runAs(name) }
            parts.promises.set(name, promises, context)
          },
        },
        evaluate: (name, record, who) => {
          say()
          return this.#evaluate(name, record, who)
        },
        save: async (name, record, live) => {
          this.#states.set(name, { record, live })
          if (record) await this.#store.save(record)
          else await this.#store.remove(name)
        },
        log: (message) => log.debug(message),
      },
      this.#abort.signal,
    )
    await slaves.settle(partition, occupant, result.state.record)
    return result
  }

  async #evaluate(partition: string, record: PartitionRecord, occupant: DesiredOccupant): Promise<Evaluation> {
    const { parts, slaves } = this.#options
    const state = await parts.builder.state(occupant.releaseUrl)
    if (state.kind !== 'available') throw new Error(`the release ${occupant.releaseUrl} is not built`)
    // A stop is never hindered: it frees memory, and soon space.
    if (occupant.state === 'started') await this.#checkSpace(partition)
    const list = record.target?.plan.controller ? [] : await slaves.list(partition, occupant)
    this.#log(partition).debug(`evaluating ${state.directory}`)
    const plan = await evaluateInstance(record, occupant, {
      computerId: parts.config.computerId,
      mode: parts.host.mode,
      partition,
      partitionDirectory: parts.host.directory(partition),
      releaseDirectory: state.directory,
      node: state.build.node,
      runAs: await parts.host.runAs(partition),
      timeoutMs: parts.config.partitionTimeoutSeconds * 1000,
      slaves: list,
      signal: this.#abort.signal,
    })
    if (plan.controller) await slaves.control(partition)
    return { plan, releaseId: state.build.builtAt }
  }

  async #checkSpace(partition: string): Promise<void> {
    const { config, host } = this.#options.parts
    const path = host.directory(partition)
    const missing = await spaceMissing(dirname(path), config.instanceMinFreeBytes)
    if (missing) throw nodeErrors.INSTANCE_SPACE({ path, ...missing })
  }

  async #wish(partition: string, occupant: DesiredOccupant | null): Promise<PartitionWish> {
    const { parts, slaves, poll } = this.#options
    const { maximumPeriodicitySeconds: seconds } = parts.config
    return {
      occupant,
      release: occupant ? await this.#releaseFact(occupant.releaseUrl) : { ready: false, reason: '' },
      place: {
        partition,
        directory: parts.host.directory(partition),
        runAs: await parts.host.runAs(partition),
        controllerSocket: slaves.socketPath(partition),
        limits: parts.config.partitionLimits,
      },
      now: parts.clock.now(),
      poll: poll(),
      maximumAge: seconds === undefined ? undefined : seconds * 1000,
    }
  }

  async #releaseFact(url: string): Promise<ReleaseFact> {
    const state = await this.#options.parts.builder.state(url)
    switch (state.kind) {
      case 'available':
        return { ready: true, id: state.build.builtAt }
      case 'building':
        return { ready: false, reason: `${url} is being built (${state.progress.phase})` }
      case 'failed':
        return { ready: false, reason: `the build of ${url} failed: ${state.message}` }
      case 'absent':
        return { ready: false, reason: `${url} is not built on this node: supply it` }
    }
  }

  #settled(partition: string, { state, phase, message, pending, done }: PassResult): void {
    const { record, live } = state
    this.#states.set(partition, state)
    if (record?.failure && !pending && phase !== 'waiting-release') {
      this.#states.set(partition, { record: { ...record, failure: null }, live })
    }
    if (!record) this.#states.delete(partition)
    if (pending) {
      this.#pending.add(partition)
      // The connection's return wakes it; a Master that fails or refuses is asked again in a while.
      if (pending.kind !== 'unreachable') this.#later(partition, 15_000)
      this.#report(partition, 'processing', pending.reason)
      return
    }
    this.#pending.delete(partition)
    const until = record?.retention.until
    if (phase === 'destroying' && until) this.#later(partition, Math.max(1000, until - this.#options.parts.clock.now()))
    this.#report(partition, phase, message)
    if (done > 0 && (phase === 'deployed' || phase === 'stopped'))
      this.#log(partition).info(`${partition} is ${phase}.`)
  }

  async #failed(partition: string, wish: string, message: string): Promise<void> {
    const { parts, link } = this.#options
    const { record, live } = this.#state(partition)
    const before = record?.failure
    const count = before && before.wish === wish ? before.count + 1 : 1
    const delay = backoffDelay(count, BACKOFF)
    const now = parts.clock.now()
    const failure = { count, at: now, retryAt: now + delay, wish, message }
    this.#log(partition).error(`${partition}: ${message}`)
    if (record) {
      // After an error the next success must be told, even when it is the one that was told before.
      const failed = { ...record, failure, reported: null }
      this.#states.set(partition, { record: failed, live: evaluated(live) })
      await this.#store.save(failed).catch((error) => this.#log(partition).error(messageOf(error)))
    }
    this.#report(partition, 'failed', message, delay)
    this.#later(partition, delay)
    await link().error(partition, message)
  }

  #later(partition: string, ms: number): void {
    clearTimeout(this.#timers.get(partition))
    const timer = setTimeout(() => this.#queue.add(partition), Math.min(ms, 2 ** 31 - 1))
    timer.unref()
    this.#timers.set(partition, timer)
  }

  #report(partition: string, phase: Phase | 'failed', message: string, retryInMs?: number): void {
    const before = this.#reports.get(partition)
    const shown = shownPhase(phase)
    if (shown === undefined) {
      this.#reports.delete(partition)
      return
    }
    if (before?.phase === shown && before.message === message && retryInMs === undefined) return
    const since = before?.phase === shown ? before.since : this.#options.parts.clock.now()
    const report: PartitionReport = {
      partition,
      phase: shown,
      since,
      message,
      ...(retryInMs === undefined ? {} : { retryInMs: Math.round(retryInMs) }),
    }
    this.#reports.set(partition, report)
    this.#options.onReport(report)
  }
}

/** One forced evaluation was tried; the next one waits its turn. */
const evaluated = (live: LiveState): LiveState => ({ ...live, force: false })

const wishOf = (occupant: DesiredOccupant | null, release: ReleaseFact): string =>
  occupant === null
    ? 'free'
    : `${occupant.instanceGuid} ${occupant.state} ${occupant.ownRevision} ${occupant.slavesRevision} ${release.ready ? release.id : ''}`

function shownPhase(phase: Phase | 'failed'): PartitionReport['phase'] | undefined {
  if (phase === 'free' || phase === 'destroyed') return undefined
  return phase
}
