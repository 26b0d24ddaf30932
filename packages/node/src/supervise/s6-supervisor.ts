import { existsSync, type FSWatcher } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Clock, type Logger, Mutex, messageOf, silentLogger, systemClock } from '@slapos/base'
import { type Ground, handOver, idOf, link, remove, removeFragments, start, stop, takeUp } from './actions.ts'
import { planApply, type TouchKind } from './apply-plan.ts'
import { findCgroups, removeGroups, runningIn } from './cgroups.ts'
import { controlServices } from './control.ts'
import { validateDefinition } from './definition.ts'
import { superviseErrors } from './errors.ts'
import { lastWords } from './last-words.ts'
import { type Layout, layoutOf, loggerId, SCANNER_LOGGER, type ServiceId, serviceId } from './layout.ts'
import { type ControllerPlaces, dropLimits, findControllers, setLimits } from './limit-groups.ts'
import type { PartitionLimits } from './limits.ts'
import { followLog, tailLog } from './logs.ts'
import { userNamespacesPermitted } from './namespaces.ts'
import { runOneShot } from './one-shot.ts'
import { run } from './programs.ts'
import { installRuntime } from './runtime.ts'
import { command, commandScanner, isSupervised } from './s6-control.ts'
import { scannerRuns, startScanner, writeScannerScript } from './scanner.ts'
import { select } from './selector.ts'
import type { MachineFacts } from './service-files.ts'
import { judge, observe } from './status.ts'
import { isCurrent, loadDefinitions, saveDefinition, writeLogger, writeService, writeServiceFiles } from './store.ts'
import type {
  RunAs,
  Selector,
  ServiceChange,
  ServiceDefinition,
  ServiceStatus,
  Supervisor,
  TailOptions,
  Transition,
} from './supervisor.ts'
import { TransitionLog } from './transitions.ts'
import { waitUntil } from './wait.ts'
import { watchRecords } from './watcher.ts'

export interface SupervisorOptions {
  /** The supervision directory; made when absent. Outside every partition. */
  readonly directory: string
  /** As whom loggers run; default as ourselves. */
  readonly logAs?: RunAs
  /** Rotated files kept beside the current one, and the size of each. Default 5 of 1 MB. */
  readonly logFiles?: number
  readonly logBytes?: number
  /** False: never use cgroups. Default: where possible. */
  readonly cgroups?: boolean
  readonly clock?: Clock
  readonly logger?: Logger
}

const WATCH_MS = 2000
/** Everything is looked at again once in so many rounds of the watch. */
const FULL_ROUND = 30

export function createSupervisor(options: SupervisorOptions): Supervisor {
  return new S6Supervisor(options)
}

class S6Supervisor implements Supervisor {
  readonly #layout: Layout
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #ground: Ground
  readonly #options: SupervisorOptions
  readonly #partitions = new Map<string, Mutex>()
  readonly #transitions: TransitionLog
  #definitions: Map<ServiceId, ServiceDefinition> | undefined
  #facts: MachineFacts | undefined
  #controllers: ControllerPlaces = {}
  /** What was said of limits that cannot be enforced, by partition. */
  readonly #unenforced = new Map<string, string>()
  #watcher: FSWatcher | undefined
  #timer: NodeJS.Timeout | undefined
  #round = 0
  #repairing = false
  /** Services that an action is working on: not to be repaired meanwhile. */
  readonly #busy = new Set<ServiceId>()

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#layout = layoutOf(resolve(options.directory))
    this.#clock = options.clock ?? systemClock
    this.#logger = options.logger ?? silentLogger
    this.#ground = { layout: this.#layout, clock: this.#clock }
    this.#transitions = new TransitionLog((id) => this.#statusOf(id))
  }

  async open(): Promise<void> {
    const { base, scan, services, state, temporary, logs, runtime } = this.#layout
    await mkdir(base, { recursive: true, mode: 0o711 })
    for (const directory of [scan, services, logs, runtime]) await mkdir(directory, { recursive: true, mode: 0o711 })
    for (const directory of [state, temporary]) await mkdir(directory, { recursive: true, mode: 0o700 })
    const facts = await this.#measure()
    this.#facts = facts
    const definitions = this.#load()
    await writeLogger(facts, SCANNER_LOGGER)
    await removeFragments(this.#ground, new Set(definitions.keys()))
    for (const definition of definitions.values()) {
      if (isCurrent(facts, definition)) continue
      await writeLogger(facts, loggerId(idOf(definition)))
      await writeServiceFiles(facts, definition)
    }
    for (const old of await readdir(runtime)) {
      if (join(runtime, old) !== facts.runtime) await rm(join(runtime, old), { recursive: true, force: true })
    }
    if (!isSupervised(this.#layout.service(SCANNER_LOGGER))) await link(this.#layout, SCANNER_LOGGER)
    this.#watcher = watchRecords(
      state,
      (id) => this.#transitions.look(id),
      () => this.#transitions.lookAll([...definitions.keys()]),
    )
    await writeScannerScript(facts)
    await startScanner(this.#layout, this.#clock)
    await this.#repair(true)
    this.#transitions.prime([...definitions.keys()])
    this.#timer = setInterval(() => void this.#watch(), WATCH_MS)
    this.#timer.unref()
  }

  async apply(
    partition: string,
    wanted: readonly ServiceDefinition[],
    signal?: AbortSignal,
  ): Promise<readonly ServiceChange[]> {
    for (const definition of wanted) {
      validateDefinition(definition)
      const same = wanted.filter(({ name }) => name === definition.name).length
      if (definition.partition === partition && same === 1) continue
      const reason = same === 1 ? `it is not of ${partition}` : 'its name is used twice'
      throw superviseErrors.SERVICE_DEFINITION({ name: idOf(definition), reason })
    }
    const mutex = this.#partitions.get(partition) ?? new Mutex()
    this.#partitions.set(partition, mutex)
    return mutex.run(async () => {
      const ids = [...wanted.map(idOf), ...this.#of(partition).map(idOf)]
      for (const id of ids) this.#busy.add(id)
      try {
        return await this.#apply(partition, wanted, signal)
      } finally {
        for (const id of ids) this.#busy.delete(id)
      }
    })
  }

  async #apply(
    partition: string,
    wanted: readonly ServiceDefinition[],
    signal: AbortSignal | undefined,
  ): Promise<readonly ServiceChange[]> {
    const facts = this.#opened()
    const definitions = this.#load()
    const plan = planApply(this.#of(partition), wanted)
    const changes: ServiceChange[] = []
    if (plan.remove.length > 0) {
      await remove(this.#ground, plan.remove)
      for (const definition of plan.remove) {
        definitions.delete(idOf(definition))
        this.#transitions.look(idOf(definition))
        changes.push({ name: definition.name, action: 'removed' })
      }
    }
    const isNew = new Set(plan.define.map(({ definition }) => definition.name))
    for (const definition of wanted.filter(({ kind }) => kind === 'one-shot')) {
      if (isNew.has(definition.name)) await this.#define(facts, [definition])
      const change = await runOneShot(this.#ground, definition, signal)
      if (change) changes.push(change)
      if (change?.action === 'failed') return changes
    }
    const defined = plan.define.filter(({ definition }) => definition.kind === 'service')
    await this.#define(
      facts,
      defined.map(({ definition }) => definition),
    )
    for (const { definition, before } of defined) {
      changes.push({ name: definition.name, action: before ? 'replaced' : 'added' })
    }
    for (const { definition, change } of plan.touch) {
      const action = await this.#touch(facts, definition, change)
      if (action) changes.push({ name: definition.name, action })
    }
    if (!definitions.values().some((definition) => definition.partition === partition)) {
      await dropLimits(this.#controllers, partition)
    }
    return changes
  }

  async limit(partition: string, limits: PartitionLimits): Promise<void> {
    const { cgroups } = this.#opened()
    const running = async () => (cgroups === undefined ? [] : runningIn(cgroups, partition))
    const missing = (await setLimits(this.#controllers, partition, limits, running)).join(', ')
    if (missing === (this.#unenforced.get(partition) ?? '')) return
    this.#unenforced.set(partition, missing)
    if (missing !== '') this.#logger.warning(`limits of ${partition} that this machine does not enforce: ${missing}`)
  }

  /** Writes definitions, with their old processes stopped, and starts what is wanted up. One scan for all. */
  async #define(facts: MachineFacts, definitions: readonly ServiceDefinition[]): Promise<void> {
    if (definitions.length === 0) return
    const known = this.#load()
    await Promise.all(
      definitions.map(async (definition) => {
        const before = known.get(idOf(definition))
        if (before) await stop(this.#ground, before, false)
        await writeService(facts, definition)
        known.set(idOf(definition), definition)
      }),
    )
    await takeUp(this.#ground, definitions.map(idOf))
    const up = definitions.filter((definition) => definition.up && definition.kind === 'service')
    await Promise.all(up.map((definition) => start(this.#ground, definition)))
    for (const definition of definitions) this.#transitions.look(idOf(definition))
  }

  async #touch(
    facts: MachineFacts,
    definition: ServiceDefinition,
    change: TouchKind,
  ): Promise<ServiceChange['action'] | undefined> {
    if (change === 'nothing') return undefined
    const id = idOf(definition)
    this.#load().set(id, definition)
    await saveDefinition(facts, definition)
    const status = this.#statusOf(id)
    if (change === 'up' && definition.kind === 'service') await start(this.#ground, definition)
    if (change === 'down') await stop(this.#ground, definition, true)
    // A program that has not started yet reads the new files anyway.
    if (change === 'reload' && status?.state === 'RUNNING' && definition.reload) {
      const letters = { SIGHUP: 'h', SIGUSR1: '1', SIGUSR2: '2' } as const
      command(this.#layout.service(id), letters[definition.reload.signal])
    }
    this.#transitions.look(id)
    return change === 'up' ? 'started' : change === 'down' ? 'stopped' : change === 'reload' ? 'reloaded' : undefined
  }

  status(): readonly ServiceStatus[] {
    const order = (a: ServiceStatus, b: ServiceStatus) => compare(a.partition, b.partition) || compare(a.title, b.title)
    return [...this.#load().keys()].flatMap((id) => this.#statusOf(id) ?? []).sort(order)
  }

  async control(action: 'start' | 'stop' | 'restart', selector: Selector) {
    const { found, missing } = select([...this.#load().values()], selector)
    if (missing !== undefined) return [{ title: selector, ok: false, message: missing.slice(selector.length + 2) }]
    for (const definition of found) this.#busy.add(idOf(definition))
    try {
      return await controlServices(this.#ground, action, found)
    } finally {
      for (const definition of found) {
        this.#busy.delete(idOf(definition))
        this.#transitions.look(idOf(definition))
      }
    }
  }

  async tail(selector: Selector, { bytes = 1600 }: TailOptions = {}): Promise<string> {
    return tailLog(this.#logOf(selector), bytes)
  }

  async lastWords(selector: Selector, pid?: number): Promise<string> {
    return lastWords(this.#logOf(selector), this.#clock, pid)
  }

  follow(selector: Selector, signal: AbortSignal): AsyncIterable<string> {
    return followLog(this.#logOf(selector), signal)
  }

  logDirectory(partition: string, name: string): string {
    return this.#layout.log(serviceId(partition, name))
  }

  onTransition(listener: (transition: Transition) => void): () => void {
    return this.#transitions.listen(listener)
  }

  async stopEverything(): Promise<void> {
    await this.close()
    const definitions = [...this.#load().values()]
    await Promise.all(definitions.map((definition) => stop(this.#ground, definition, false)))
    commandScanner(this.#layout.scan, 't')
    const all = [SCANNER_LOGGER, ...definitions.flatMap((definition) => [idOf(definition), loggerId(idOf(definition))])]
    await waitUntil(() => !scannerRuns(this.#layout), 30_000, this.#clock)
    // Those of a lost scanner did not hear the present one.
    for (const id of all) command(this.#layout.service(id), 'dx')
    const silent = () => !scannerRuns(this.#layout) && all.every((id) => !isSupervised(this.#layout.service(id)))
    if (!(await waitUntil(silent, 30_000, this.#clock))) {
      throw superviseErrors.SERVICE_UNSTOPPABLE({ name: this.#layout.base, reason: 'its scanner does not end' })
    }
    // Also of who never opened this: `slapos down`.
    const { cgroups, limitRoots } = this.#facts ?? (await this.#groups())
    for (const directory of new Set([cgroups, ...limitRoots])) {
      if (directory !== undefined) await removeGroups(directory) // one that is in use stays
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#watcher?.close()
    this.#watcher = undefined
    await waitUntil(() => !this.#repairing, 30_000, this.#clock)
  }

  async #watch(): Promise<void> {
    this.#round += 1
    try {
      await this.#repair(this.#round % FULL_ROUND === 0)
    } catch (error) {
      this.#logger.error(messageOf(error))
    }
  }

  /** Brings back what died outside the order of things: the scanner, links of lost supervises, services told down by nobody. */
  async #repair(full: boolean): Promise<void> {
    if (this.#repairing) return
    this.#repairing = true
    try {
      const lost = !scannerRuns(this.#layout)
      if (lost) {
        this.#logger.warning(`the scanner of ${this.#layout.base} is gone: starting another`)
        await startScanner(this.#layout, this.#clock)
      }
      const ids = [SCANNER_LOGGER, ...[...this.#load().keys()].flatMap((id) => [id, loggerId(id)])]
      const linked = new Set(await readdir(this.#layout.scan))
      let scan = false
      for (const id of ids) {
        if (this.#busy.has(id.replace(/:log$/, ''))) continue
        if (linked.has(id)) scan ||= (full || lost) && !isSupervised(this.#layout.service(id))
        else if (!isSupervised(this.#layout.service(id))) scan = (await link(this.#layout, id)) || scan
      }
      if (scan) commandScanner(this.#layout.scan, 'a')
      // Of the node's own service nobody else would see that it ended together with its supervise: it is the agent.
      for (const id of this.#of('').map(idOf)) if (!this.#busy.has(id)) await handOver(this.#ground, id)
      if (full || lost) this.#raise()
    } finally {
      this.#repairing = false
    }
  }

  /** A restart that was cut between its two halves left the service down without anybody having asked for that. */
  #raise(): void {
    for (const [id, definition] of this.#load()) {
      if (definition.kind !== 'service' || this.#busy.has(id)) continue
      const { s6, heldDown } = observe(this.#layout, definition)
      if (s6 && !s6.wantedUp && !heldDown) command(this.#layout.service(id), 'u')
    }
  }

  async #measure(): Promise<MachineFacts> {
    const { logAs = { kind: 'self' }, logFiles = 5, logBytes = 1_000_000 } = this.#options
    await run('s6-svscan', ['-h'], { accept: [0, 100] })
    return {
      layout: this.#layout,
      runtime: await installRuntime(this.#layout),
      ...(await this.#groups()),
      userNamespaces: await userNamespacesPermitted(),
      logAs,
      logFiles,
      logBytes,
    }
  }

  async #groups(): Promise<Pick<MachineFacts, 'cgroups' | 'limitRoots'>> {
    const may = this.#options.cgroups !== false && process.getuid?.() === 0
    const cgroups = may ? await findCgroups(this.#layout.base) : undefined
    this.#controllers = may ? await findControllers(this.#layout.base, cgroups) : {}
    const places = Object.values(this.#controllers)
    return {
      cgroups,
      limitRoots: places.filter(({ version }) => version === 1).map(({ directory }) => directory),
    }
  }

  #opened(): MachineFacts {
    if (!this.#facts) throw new Error('the supervisor is not open')
    return this.#facts
  }

  #load(): Map<ServiceId, ServiceDefinition> {
    this.#definitions ??= existsSync(this.#layout.services) ? loadDefinitions(this.#layout.services) : new Map()
    return this.#definitions
  }

  #of(partition: string): readonly ServiceDefinition[] {
    return [...this.#load().values()].filter((definition) => definition.partition === partition)
  }

  #statusOf(id: ServiceId): ServiceStatus | undefined {
    const definition = this.#load().get(id)
    return definition && judge(definition, observe(this.#layout, definition))
  }

  #logOf(selector: Selector): string {
    const [definition] = select([...this.#load().values()], selector).found
    if (!definition) throw superviseErrors.NO_SUCH_PROCESS({ name: selector })
    return this.#layout.log(idOf(definition))
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
