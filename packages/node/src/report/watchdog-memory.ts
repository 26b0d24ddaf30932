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

  constructor(path: string) {
    this.#path = path
  }

  async load(): Promise<void> {
    const { told } = (await readVersioned(this.#path, FORMAT)) ?? {}
    if (typeof told === 'object' && told !== null) this.#told = { ...told }
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
    await writeVersioned(this.#path, FORMAT, { told: this.#told }, { mode: 0o600 })
  }
}
