/**
 * Usage reports in the classic form (`useComputer`): once a day what the node and each partition used on average, and
 * what programs of partitions say of themselves. What the Master does not take is kept and sent again.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, type Logger, Mutex, messageOf, readVersioned, writeVersioned } from '@slapos/base'
import { type ReportedMovement, type UsageReport, writeConsumption } from '@slapos/slap'
import type { Host } from '../../host/host.ts'
import type { MasterLink } from '../../link/link.ts'
import { type Outcome, reasonOf } from '../../link/outcome.ts'
import { coreCount } from '../usage.ts'
import type { PartitionPlace } from './as-partition.ts'
import { diskUsage } from './disk-usage.ts'
import { mergeMovements } from './merge.ts'
import { Outbox } from './outbox.ts'
import { readUsageDay } from './read-usage-day.ts'
import { addUsage, dayOf, dayReport, type UsageDay } from './usage-day.ts'
import { REPORT_DIRECTORY, readXmlReports } from './xml-reports.ts'

export interface ConsumptionOptions {
  /** Where it keeps the sums of the day and what was not taken. */
  readonly directory: string
  readonly computerId: string
  /** How a partition is named to the Master. */
  readonly nameOf: (partition: string) => string
  /** Those that have an instance. */
  readonly partitions: () => readonly string[]
  readonly host: Pick<Host, 'directory' | 'runAs' | 'files'>
  readonly userNamespaces: boolean
  readonly clock: Clock
  readonly logger: Logger
  readonly link: () => Pick<MasterLink, 'consumption'>
}

const FORMAT = 1
const SAVE_MS = 300_000

export class ConsumptionReporter {
  readonly #options: ConsumptionOptions
  readonly #outbox: Outbox
  readonly #turn = new Mutex()
  readonly #path: string
  #day: UsageDay
  #savedAt: number
  /** Files that were told to be invalid: once is enough. */
  readonly #told = new Set<string>()

  constructor(options: ConsumptionOptions) {
    this.#options = options
    this.#path = join(options.directory, 'day.json')
    this.#outbox = new Outbox(join(options.directory, 'unsent'))
    this.#day = { day: dayOf(options.clock.now()), sums: {} }
    this.#savedAt = options.clock.monotonic()
  }

  async open(): Promise<void> {
    try {
      const found = readUsageDay(await readVersioned(this.#path, FORMAT))
      if (found) this.#day = found
    } catch (error) {
      this.#options.logger.warning(messageOf(error)) // the averages of one day are not worth more
    }
  }

  /** What was measured just now. At the end of a day it is reported. */
  add(reports: readonly UsageReport[]): void {
    const { clock } = this.#options
    const over = this.#day.day !== dayOf(clock.now())
    if (!over) this.#day = addUsage(this.#day, reports)
    if (over) void this.report()
    else if (clock.monotonic() >= this.#savedAt + SAVE_MS) void this.#turn.run(() => this.#save())
  }

  /** Days that are over, and what programs of partitions say, are told now. */
  report(): Promise<Outcome<void>> {
    return this.#turn.run(async () => {
      try {
        await this.#finishDay()
        await this.#collect()
      } catch (error) {
        this.#options.logger.error(`usage report: ${messageOf(error)}`)
        return { kind: 'failed', reason: messageOf(error), missing: false }
      }
      return this.#send()
    })
  }

  /** The Master answers: what it did not take is sent again. */
  retry(): void {
    void this.#turn.run(() => this.#send())
  }

  async close(): Promise<void> {
    await this.#turn.run(() => this.#save())
  }

  async #send(): Promise<Outcome<void>> {
    const outcome = await this.#outbox.send((document) => this.#options.link().consumption(document))
    if (outcome.kind === 'failed' || outcome.kind === 'refused') {
      this.#options.logger.warning(`the usage report is not taken: ${reasonOf(outcome)}`)
    }
    return outcome
  }

  async #finishDay(): Promise<void> {
    const { clock, computerId, nameOf } = this.#options
    const over = this.#day
    const today = dayOf(clock.now())
    if (over.day === today) return
    const report = dayReport(over, { computerId, cores: coreCount(), nameOf, disk: await this.#disk(over) })
    if (report) await this.#keep(`${over.day}-global`, writeConsumption(report))
    this.#day = { day: today, sums: {} }
    await this.#save()
  }

  async #disk({ sums }: UsageDay): Promise<ReadonlyMap<string, number>> {
    const disk = new Map<string, number>()
    for (const partition of this.#options.partitions().filter((name) => name in sums)) {
      try {
        disk.set(partition, await diskUsage(await this.#place(partition)))
      } catch (error) {
        this.#options.logger.warning(`cannot measure the disk usage of ${partition}: ${messageOf(error)}`)
      }
    }
    return disk
  }

  /** Kept here first, removed there then: a Master that is away loses nothing. */
  async #collect(): Promise<void> {
    const { clock, computerId, partitions, host } = this.#options
    const movements: ReportedMovement[] = []
    const read: { readonly partition: string; readonly remove: readonly string[] }[] = []
    for (const partition of partitions()) {
      try {
        const { valid, invalid } = await readXmlReports(await this.#place(partition))
        for (const { file, reason } of invalid) this.#complain(`${partition}/${REPORT_DIRECTORY}/${file}: ${reason}`)
        if (valid.length === 0) continue
        movements.push(...valid.flatMap((report) => report.movements.map((m) => ({ ...m, reference: partition }))))
        read.push({ partition, remove: valid.map(({ file }) => `${REPORT_DIRECTORY}/${file}`) })
      } catch (error) {
        this.#complain(`cannot read the usage reports of ${partition}: ${messageOf(error)}`)
      }
    }
    const at = new Date(clock.now()).toISOString()
    for (const [part, document] of mergeMovements(computerId, clock.now(), movements).entries()) {
      await this.#keep(`${at.slice(0, 10)}-partitions-${at.slice(11, 19).replaceAll(':', '')}-${part}`, document)
    }
    for (const { partition, remove } of read) await host.files(partition, { remove, directories: [], files: [] })
  }

  async #keep(name: string, document: string): Promise<void> {
    const gone = await this.#outbox.add(name, document)
    for (const old of gone) this.#options.logger.warning(`the usage report ${old} was never taken and is dropped`)
  }

  async #place(partition: string): Promise<PartitionPlace> {
    const { host, userNamespaces } = this.#options
    return { directory: host.directory(partition), runAs: await host.runAs(partition), userNamespaces }
  }

  #complain(message: string): void {
    if (this.#told.has(message) || this.#told.size > 1000) return
    this.#told.add(message)
    this.#options.logger.warning(message)
  }

  async #save(): Promise<void> {
    this.#savedAt = this.#options.clock.monotonic()
    try {
      await mkdir(this.#options.directory, { recursive: true, mode: 0o700 })
      await writeVersioned(this.#path, FORMAT, { ...this.#day }, { mode: 0o600 })
    } catch (error) {
      this.#options.logger.warning(messageOf(error))
    }
  }
}
