/**
 * The resident agent: restores what was deployed, then follows the Master. It owns the node lock for as long as it
 * lives; its end, in whatever way, stops no service.
 */
import type { BuildReport, NodeCommand, PartitionReport, ProcessReport } from '@slapos/slap'
import { announcesChildren } from '../instance/announces.ts'
import type { Outcome } from '../link/outcome.ts'
import { Recheck } from '../promise/index.ts'
import { ConsumptionReporter } from '../report/consumption/reporter.ts'
import { ServiceLogs } from '../report/service-logs.ts'
import { TelemetrySender } from '../report/telemetry.ts'
import { UsageMeter } from '../report/usage-meter.ts'
import { Watchdog } from '../report/watchdog.ts'
import { releaseKey } from '../software/builder.ts'
import type { ServiceStatus, Transition } from '../supervise/supervisor.ts'
import { accountName } from './account-name.ts'
import { MasterConnection, type MasterStatus } from './connection.ts'
import type { Desired } from './desired.ts'
import { Partitions } from './partitions.ts'
import type { AgentParts } from './parts.ts'
import { SlaveFeeds } from './slave-feeds.ts'
import { Software, type SoftwareResult } from './software.ts'

export interface InstancePassResult {
  readonly master: MasterStatus
  readonly failures: ReturnType<Partitions['failures']>
  readonly promises: readonly { readonly partition: string; readonly softwareType: string; readonly message: string }[]
}

export class NodeAgent {
  readonly parts: AgentParts
  /** Wall clock, milliseconds. */
  readonly since: number
  readonly #connection: MasterConnection
  readonly #partitions: Partitions
  readonly #software: Software
  readonly #slaves: SlaveFeeds
  readonly #telemetry: TelemetrySender
  readonly #serviceLogs: ServiceLogs
  readonly #watchdog: Watchdog
  readonly #consumption: ConsumptionReporter
  readonly #recheck: Recheck
  /** False: a single pass does what it was asked for, and nothing else. */
  #follow = false
  readonly #unsubscribe: (() => void)[] = []

  constructor(parts: AgentParts) {
    this.parts = parts
    this.since = parts.clock.now()
    const link = () => this.#connection.link
    this.#connection = new MasterConnection(parts, {
      onAnswer: (before, after) => this.#answered(before, after),
      onEpoch: () => this.#otherHistory(),
      onCondition: () => this.#telemetry.touch(),
      onSlaves: (partition) => this.#slavesChanged(partition),
      onCommand: (command) => void this.#command(command),
    })
    this.#slaves = new SlaveFeeds(parts, link)
    this.#partitions = new Partitions({
      parts,
      link,
      desired: () => this.#connection.desired,
      poll: () => this.#connection.poll,
      slaves: this.#slaves,
      onReport: (report) => this.#reported(report),
    })
    this.#software = new Software({
      parts,
      link,
      installations: () => this.#connection.desired.installations,
      onChange: (url) => this.#releaseChanged(url),
    })
    this.#consumption = new ConsumptionReporter({
      directory: `${parts.config.paths.state}/consumption`,
      computerId: parts.config.computerId,
      nameOf: accountName(parts.config),
      partitions: () => this.#occupied(),
      host: parts.host,
      userNamespaces: parts.userNamespaces,
      clock: parts.clock,
      logger: parts.logs.logger('agent'),
      link,
    })
    const meter = new UsageMeter(parts.clock)
    // Where this agent is itself a service of the node, that is no news for the Master.
    const services = () => parts.supervisor.status().filter(({ partition }) => partition !== '')
    this.#telemetry = new TelemetrySender({
      version: parts.version,
      clock: parts.clock,
      sources: {
        processes: () => services().map(processReport),
        promises: () => parts.promises.results(),
        partitions: () => this.#partitions.reports(),
        usage: async () => {
          const usage = await meter.sample(services())
          this.#consumption.add(usage)
          return usage
        },
      },
      send: (batch) => this.#connection.link.telemetry(batch),
      onFollowed: (sources) => this.#serviceLogs.follow(sources),
    })
    this.#serviceLogs = new ServiceLogs(parts.supervisor, (source, lines, urgent) =>
      this.#telemetry.log(source, lines, urgent),
    )
    this.#recheck = new Recheck(parts.promises, parts.clock)
    this.#watchdog = new Watchdog({
      path: `${parts.config.paths.state}/watchdog.json`,
      supervisor: parts.supervisor,
      promises: parts.promises,
      clock: parts.clock,
      logger: parts.logs.logger('agent'),
      link,
      started: (partition) => {
        const occupant = this.#connection.desired.partitions[partition]
        return occupant?.state === 'started' ? occupant : undefined
      },
      deployed: (partition) =>
        this.#partitions.reports().some((report) => report.partition === partition && report.phase === 'deployed'),
    })
  }

  get master(): MasterStatus {
    return this.#connection.status
  }

  /** Everything that was deployed runs when this answers, or was tried; the Master is spoken to from then on. */
  async open({ follow = true }: { readonly follow?: boolean } = {}): Promise<void> {
    const { supervisor, promises, logs, onBuild } = this.parts
    await this.#connection.load()
    await supervisor.open()
    await this.#software.open()
    this.#unsubscribe.push(
      supervisor.onTransition((transition) => this.#moved(transition)),
      promises.onChange(() => this.#telemetry.touch()),
      promises.onRemoved(() => this.#telemetry.touch()),
      onBuild((progress) => {
        this.#telemetry.build(buildReport(progress))
        this.#telemetry.log(`software/${releaseKey(progress.url)}`, progress.lines, progress.failed)
      }),
      logs.onLine(({ source, about, level, message }) => {
        if (source === 'software') return
        const name = source === 'instance' && about !== '' ? `instance/${about}` : 'agent'
        this.#telemetry.log(name, message.split('\n'), level === 'error')
      }),
    )
    await this.#partitions.open()
    await this.#consumption.open()
    this.#follow = follow
    if (!follow) return
    // With or without the Master, everything that was deployed is applied again.
    this.#partitions.processAll()
    await this.#partitions.idle()
    await this.#watchdog.open()
    this.#connection.start()
    this.#telemetry.start()
  }

  /** Ends the agent. Services, and what watches over them, live on. */
  async close(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    this.#recheck.close()
    this.#telemetry.close()
    this.#serviceLogs.close()
    await this.#watchdog.close()
    await this.#consumption.close()
    await this.#connection.close()
    await this.#software.close()
    await this.#partitions.close()
    await this.#slaves.close()
    await this.parts.close()
  }

  // What commands ask for.

  async softwarePass(options: { readonly force: boolean; readonly only?: readonly string[] }): Promise<{
    readonly master: MasterStatus
    readonly results: readonly SoftwareResult[]
  }> {
    await this.#connection.refresh()
    return { master: this.#connection.status, results: await this.#software.reconcile(options) }
  }

  /** Unknown names are for the caller to refuse: `partitionNames`. */
  async instancePass(options: {
    readonly force: boolean
    readonly only?: readonly string[]
  }): Promise<InstancePassResult> {
    await this.#connection.refresh()
    const { desired } = this.#connection
    const names = options.only ?? this.#partitions.names()
    for (const name of names) this.#partitions.process(name, { force: options.force })
    await this.#partitions.idle()
    const started = names.filter((name) => desired.partitions[name]?.state === 'started')
    const checked = await Promise.all(started.map((name) => this.parts.promises.checkNow(name)))
    const failing = checked.flat().filter(({ ok }) => !ok)
    return {
      master: this.#connection.status,
      failures: this.#partitions.failures().filter(({ partition }) => names.includes(partition)),
      promises: failing.map(({ partition, name, message }) => ({
        partition,
        softwareType: desired.partitions[partition]?.softwareType ?? 'not ready',
        message: `Promise '${name}' failed with output: ${message}`,
      })),
    }
  }

  partitionNames(): readonly string[] {
    return this.#partitions.names()
  }

  desired(): Desired {
    return this.#connection.desired
  }

  bang(message: string) {
    return this.#connection.refresh().then(() => this.#connection.link.bang(message))
  }

  refresh() {
    return this.#connection.refresh()
  }

  /** Tells the Master what was used, as far as it is not told yet. */
  async report(): Promise<Outcome<void>> {
    await this.#connection.refresh()
    await this.#partitions.idle()
    return this.#consumption.report()
  }

  /** Resolves when no pass is under way. */
  idle(): Promise<void> {
    return this.#partitions.idle()
  }

  #occupied(): readonly string[] {
    const { partitions } = this.#connection.desired
    return Object.keys(partitions).filter((name) => partitions[name])
  }

  #answered(before: Desired, after: Desired): void {
    if (!this.#follow) return
    const removed = Object.values(after.installations).includes('destroyed')
    if (before.installations !== after.installations || removed) void this.#software.reconcile()
    for (const [partition, occupant] of Object.entries(after.partitions)) {
      const old = before.partitions[partition]
      const same = old === occupant || JSON.stringify(old) === JSON.stringify(occupant)
      // A destruction is told again at each answer, until the Master frees the partition; and children are asked again
      // where nobody announces what they publish.
      const again = occupant && (occupant.state === 'destroyed' || !announcesChildren(occupant))
      if (!same || again) this.#partitions.process(partition)
    }
    for (const partition of Object.keys(before.partitions)) {
      if (!(partition in after.partitions)) this.#partitions.process(partition)
    }
    this.#partitions.processPending()
    this.#watchdog.retry()
    this.#consumption.retry()
  }

  #moved(transition: Transition): void {
    const { before, after, unexpected } = transition
    this.#telemetry.touch()
    this.#recheck.moved(transition)
    if (unexpected && after) void this.#serviceLogs.failed(after.partition, after.name, before?.pid)
  }

  #otherHistory(): void {
    this.parts.logs.logger('agent').warning('the Master has another history than before: everything is told again')
    this.#partitions.forgetReports()
    this.#software.forgetReports()
    this.#slaves.reset()
    this.#partitions.processAll()
  }

  #releaseChanged(url: string): void {
    for (const [partition, occupant] of Object.entries(this.#connection.desired.partitions)) {
      if (occupant?.releaseUrl === url) this.#partitions.process(partition)
    }
  }

  /** With a controller the pass finds nothing to run and only feeds it; without one it evaluates. */
  #slavesChanged(partition: string): void {
    if (this.#slaves.controls(partition)) void this.#slaves.sync(partition)
    else void this.#connection.refresh()
  }

  #reported(report: PartitionReport): void {
    if (report.phase === 'failed') this.#telemetry.log(`instance/${report.partition}`, report.message.split('\n'), true)
    if (report.phase === 'deployed') this.#watchdog.settled(report.partition)
    this.#telemetry.touch()
  }

  async #command(command: NodeCommand): Promise<void> {
    if (command.name === 'logs') return this.#telemetry.touch() // the answer says which sources are followed
    this.parts.logs.logger('agent').info(`asked by the Master: ${JSON.stringify(command)}`)
    switch (command.name) {
      case 'restart-service':
      case 'start-service':
      case 'stop-service': {
        const action = COMMANDS[command.name]
        await this.parts.supervisor.control(action, `${command.partition}:${command.service}`)
        return
      }
      case 'reprocess':
        return this.#partitions.process(command.partition, { force: true })
      case 'rebuild':
        await this.#software.reconcile({ force: true, only: [command.url] })
        return
    }
  }
}

const COMMANDS = { 'restart-service': 'restart', 'start-service': 'start', 'stop-service': 'stop' } as const

function processReport(status: ServiceStatus): ProcessReport {
  const { partition, name, state, pid, since, exitCode, restarts } = status
  return {
    partition,
    name,
    state,
    since,
    restarts,
    ...(pid === undefined ? {} : { pid }),
    ...(exitCode === undefined ? {} : { exitCode }),
  }
}

function buildReport(progress: BuildReport): BuildReport {
  const { url, phase, step, steps, since, failed, message } = progress
  return { url, phase, step, steps, since, failed, message: message.slice(0, 64 * 1024) }
}
