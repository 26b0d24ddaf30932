/**
 * What a classic Master is told of services and promises, in the manner of slapos.core's watchdog: a service that ends
 * by itself bangs its instance, a promise that goes on failing is an error of its instance until it holds again. Our own
 * Master sees both in telemetry.
 */
import { type Clock, type Logger, Mutex, messageOf } from '@slapos/base'
import type { DesiredOccupant } from '@slapos/slap'
import type { MasterLink } from '../link/link.ts'
import { reasonOf } from '../link/outcome.ts'
import type { PromiseMonitor } from '../promise/index.ts'
import type { ServiceStatus, Supervisor, Transition } from '../supervise/supervisor.ts'
import { nextBang } from './bang-rule.ts'
import { promiseTrouble, serviceTrouble } from './trouble.ts'
import { type Told, WatchdogMemory } from './watchdog-memory.ts'

export interface WatchdogOptions {
  /** Where it remembers what it told. */
  readonly path: string
  readonly supervisor: Supervisor
  readonly promises: PromiseMonitor
  readonly clock: Clock
  readonly logger: Logger
  readonly link: () => MasterLink
  /** The instance of a partition, while it is wanted running. */
  readonly started: (partition: string) => DesiredOccupant | undefined
  /** The last pass over the partition succeeded: there is no worse to tell. */
  readonly deployed: (partition: string) => boolean
  /** How long a promise fails before it is told, milliseconds. */
  readonly patienceMs?: number
}

const PATIENCE_MS = 20_000

export class Watchdog {
  readonly #options: WatchdogOptions
  readonly #memory: WatchdogMemory
  readonly #turn = new Mutex()
  /** Bangs that the Master has not heard, by partition. */
  readonly #pending = new Map<string, string>()
  /** Partitions whose errors a report of success has taken away since. */
  readonly #retell = new Set<string>()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #unsubscribe: (() => void)[] = []

  constructor(options: WatchdogOptions) {
    this.#options = options
    this.#memory = new WatchdogMemory(options.path)
  }

  async open(): Promise<void> {
    const { supervisor, promises, logger } = this.#options
    await this.#memory.load().catch((error) => logger.warning(messageOf(error)))
    this.#unsubscribe.push(
      supervisor.onTransition((transition) => this.#ended(transition)),
      promises.onChange(({ partition }) => this.#look(partition)),
    )
    await this.#run(() => this.#missed())
  }

  /** The Master answers: it is told what it did not hear. */
  retry(): void {
    for (const partition of new Set([...this.#pending.keys(), ...this.#memory.partitions()])) this.#look(partition)
  }

  /** The Master was told that the partition is well: what is not well is told again. */
  settled(partition: string): void {
    this.#retell.add(partition)
    this.#look(partition)
  }

  async close(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    for (const timer of this.#timers.values()) clearTimeout(timer)
    await this.#turn.run(async () => {})
  }

  /** What ended while no agent lived is told when the Master answers. */
  async #missed(): Promise<void> {
    for (const status of this.#watched()) {
      const known = this.#memory.restartsOf(keyOf(status))
      if (known === undefined || status.restarts <= known) continue
      this.#pending.set(status.partition, await this.#message(status))
    }
    await this.#remember()
  }

  #watched(): readonly ServiceStatus[] {
    return this.#options.supervisor
      .status()
      .filter(({ watch, kind, partition }) => watch && kind === 'service' && partition !== '')
  }

  #remember(): Promise<void> {
    return this.#memory.setRestarts(Object.fromEntries(this.#watched().map((one) => [keyOf(one), one.restarts])))
  }

  async #message(status: ServiceStatus, pid?: number): Promise<string> {
    const { partition, title } = status
    const trouble = await serviceTrouble(this.#options.supervisor, status, pid)
    const name = title.slice(title.indexOf(':') + 1)
    return `${name} process in partition ${partition} encountered a problem\n${trouble}`
  }

  #ended({ before, after, unexpected }: Transition): void {
    if (before?.restarts !== after?.restarts) void this.#run(() => this.#remember())
    if (!unexpected || !after?.watch || after.partition === '' || this.#options.link().kind !== 'classic') return
    void this.#run(async () => {
      this.#pending.set(after.partition, await this.#message(after, before?.pid))
      await this.#bang(after.partition)
    })
  }

  #look(partition: string): void {
    if (this.#options.link().kind !== 'classic') return
    void this.#run(async () => {
      await this.#bang(partition)
      await this.#judge(partition)
    })
  }

  async #bang(partition: string): Promise<void> {
    const { link, started, clock, logger } = this.#options
    const message = this.#pending.get(partition)
    if (message === undefined) return
    const occupant = started(partition)
    const bang = occupant && nextBang(this.#memory.of(partition).bang, occupant.ownRevision, clock.now())
    if (!bang) return void this.#pending.delete(partition)
    const outcome = await link().bangInstance(partition, message)
    if (outcome.kind !== 'ok') {
      if (outcome.kind !== 'unreachable') logger.warning(`cannot bang ${partition}: ${reasonOf(outcome)}`)
      return
    }
    this.#pending.delete(partition)
    logger.info(`banged ${partition}: ${message.split('\n', 1)}`)
    await this.#memory.set(partition, { ...this.#memory.of(partition), bang })
  }

  async #judge(partition: string): Promise<void> {
    const { link, promises, supervisor, started, deployed, clock, patienceMs = PATIENCE_MS } = this.#options
    const told = this.#memory.of(partition)
    if (!started(partition)) return this.#memory.set(partition, {})
    const failing = promises.results(partition).filter(({ ok }) => !ok)
    const due = failing.map(({ since }) => since + patienceMs - clock.now())
    const ripe = failing.filter((_, index) => (due[index] ?? 0) <= 0)
    const next = due.filter((ms) => ms > 0)
    if (next.length > 0) this.#later(partition, Math.min(...next))
    if (!deployed(partition)) return
    const names = ripe.map(({ name }) => name).join(' ')
    if (ripe.length > 0 && (told.failing !== names || this.#retell.has(partition))) {
      const outcome = await link().error(partition, await promiseTrouble(supervisor, partition, ripe))
      if (outcome.kind === 'ok') await this.#memory.set(partition, { ...told, failing: names })
    } else if (failing.length === 0 && told.failing !== undefined) {
      const outcome = await link().report(partition, 'started')
      if (outcome.kind === 'ok') await this.#memory.set(partition, withoutFailing(told))
    }
    this.#retell.delete(partition)
  }

  #later(partition: string, ms: number): void {
    clearTimeout(this.#timers.get(partition))
    const timer = setTimeout(() => this.#look(partition), ms + 10)
    timer.unref()
    this.#timers.set(partition, timer)
  }

  #run(work: () => Promise<void>): Promise<void> {
    return this.#turn.run(work).catch((error) => this.#options.logger.error(messageOf(error)))
  }
}

const keyOf = ({ partition, name }: ServiceStatus): string => `${partition}:${name}`
const withoutFailing = ({ failing: _, ...others }: Told): Told => others
