import { readVersioned, writeVersioned } from '@slapos/base'
import type { LastBang } from './bang-rule.ts'

/** What the Master was told of a partition by the watchdog. */
export interface Told {
  readonly bang?: LastBang
  /** Names of the failing promises. */
  readonly failing?: string
}

const FORMAT = 1

/** Kept on disk: another agent tells nothing twice, and takes back what the one before told. */
export class WatchdogMemory {
  readonly #path: string
  #told: Readonly<Record<string, Told>> = {}
  /** Restarts of each watched service (`slappart0:web`) when it was seen last. */
  #restarts: Readonly<Record<string, number>> = {}

  constructor(path: string) {
    this.#path = path
  }

  async load(): Promise<void> {
    const { told, restarts } = (await readVersioned(this.#path, FORMAT)) ?? {}
    if (typeof told === 'object' && told !== null) this.#told = { ...told }
    if (typeof restarts === 'object' && restarts !== null) this.#restarts = { ...restarts }
  }

  partitions(): readonly string[] {
    return Object.keys(this.#told)
  }

  of(partition: string): Told {
    return this.#told[partition] ?? {}
  }

  async set(partition: string, told: Told): Promise<void> {
    const { [partition]: before, ...others } = this.#told
    if (JSON.stringify(before ?? {}) === JSON.stringify(told)) return
    this.#told = Object.keys(told).length === 0 ? others : { ...others, [partition]: told }
    await this.#save()
  }

  /** Undefined: the service was never seen. */
  restartsOf(service: string): number | undefined {
    return this.#restarts[service]
  }

  async setRestarts(seen: Readonly<Record<string, number>>): Promise<void> {
    const changed = Object.entries(seen).some(([service, count]) => this.#restarts[service] !== count)
    const gone = Object.keys(this.#restarts).some((service) => seen[service] === undefined)
    if (!changed && !gone) return
    this.#restarts = seen
    await this.#save()
  }

  async #save(): Promise<void> {
    await writeVersioned(this.#path, FORMAT, { told: this.#told, restarts: this.#restarts }, { mode: 0o600 })
  }
}
