/** Makes the built releases those that the Master wants, in parallel with everything else, and tells it the results. */
import { messageOf, readVersioned, writeVersioned } from '@slapos/base'
import type { ReleaseState } from '@slapos/slap'
import type { MasterLink } from '../link/link.ts'
import { releaseKey } from '../software/builder.ts'
import type { AgentParts } from './parts.ts'

export interface SoftwareOptions {
  readonly parts: AgentParts
  readonly link: () => MasterLink
  readonly installations: () => Readonly<Record<string, ReleaseState>>
  /** A release became usable, or stopped being so. */
  readonly onChange: (url: string) => void
}

export interface SoftwareResult {
  readonly url: string
  readonly failed: boolean
  readonly message: string
  /** It failed before, and is not tried again before that many milliseconds. */
  readonly retryInMs?: number
}

const FORMAT = 1

export class Software {
  readonly #options: SoftwareOptions
  readonly #path: string
  /** What the Master was told, by URL: `available BUILT_AT`, `destroyed`. */
  #told: Record<string, string> = {}
  readonly #running = new Map<string, Promise<SoftwareResult>>()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  #closed = false

  constructor(options: SoftwareOptions) {
    this.#options = options
    this.#path = `${options.parts.config.paths.state}/software.json`
  }

  async open(): Promise<void> {
    const found = await readVersioned(this.#path, FORMAT)
    const told = found?.['told']
    if (typeof told === 'object' && told !== null) this.#told = { ...this.#told, ...told }
  }

  /** Starts what is to be done; answers when all of it ended. `only`: URLs, or names of their directories. */
  reconcile({
    force = false,
    only,
  }: {
    readonly force?: boolean
    readonly only?: readonly string[]
  } = {}): Promise<readonly SoftwareResult[]> {
    const named = (url: string) => !only || only.includes(url) || only.includes(releaseKey(url))
    const wanted = Object.entries(this.#options.installations()).filter(([url]) => named(url))
    return Promise.all(wanted.map(([url, state]) => this.#start(url, state, force)))
  }

  /** A restored Master may have forgotten. */
  forgetReports(): void {
    this.#told = {}
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const timer of this.#timers.values()) clearTimeout(timer)
    await this.#options.parts.builder.close()
    await Promise.all(this.#running.values())
  }

  #start(url: string, wanted: ReleaseState, force: boolean): Promise<SoftwareResult> {
    const key = `${wanted} ${url}`
    const running = this.#running.get(key)
    if (running) return running
    const work = (wanted === 'available' ? this.#build(url, force) : this.#remove(url))
      .catch((error): SoftwareResult => {
        this.#log().error(messageOf(error))
        this.#again(url, wanted, 60_000)
        return { url, failed: true, message: messageOf(error) }
      })
      .finally(() => this.#running.delete(key))
    this.#running.set(key, work)
    return work
  }

  async #build(url: string, force: boolean): Promise<SoftwareResult> {
    const { parts, link, onChange } = this.#options
    const before = await parts.builder.state(url)
    if (before.kind === 'available' && !force) return this.#tellAvailable(url, before.build.builtAt)
    const due = before.kind !== 'failed' || before.retryInMs <= 0 || force
    if (due) await link().software(url, 'building')
    const outcome = await parts.builder.build(url, { force })
    onChange(url)
    switch (outcome.kind) {
      case 'available': {
        const after = await parts.builder.state(url)
        return this.#tellAvailable(url, after.kind === 'available' ? after.build.builtAt : '')
      }
      case 'failed':
        this.#again(url, 'available', outcome.retryInMs)
        await link().softwareError(url, outcome.log)
        return { url, failed: true, message: outcome.message }
      case 'waiting':
        this.#again(url, 'available', outcome.retryInMs)
        return { url, failed: true, message: outcome.message, retryInMs: outcome.retryInMs }
      case 'cancelled':
        return { url, failed: false, message: '' }
    }
  }

  async #tellAvailable(url: string, builtAt: string): Promise<SoftwareResult> {
    const told = `available ${builtAt}`
    if (this.#told[url] !== told) {
      const outcome = await this.#options.link().software(url, 'available')
      // Not heard: the next reconciliation tells it again. The release is usable all the same.
      if (outcome.kind === 'ok') await this.#remember(url, told)
    }
    return { url, failed: false, message: '' }
  }

  async #remove(url: string): Promise<SoftwareResult> {
    const { parts, link, onChange } = this.#options
    if ((await parts.builder.state(url)).kind !== 'absent') {
      this.#log().info(`Destroying ${url}...`)
      await parts.builder.remove(url)
      onChange(url)
    }
    const outcome = await link().software(url, 'destroyed')
    if (outcome.kind === 'ok') await this.#remember(url, undefined)
    return { url, failed: false, message: '' }
  }

  async #remember(url: string, told: string | undefined): Promise<void> {
    const { [url]: _, ...others } = this.#told
    this.#told = told === undefined ? others : { ...others, [url]: told }
    await writeVersioned(this.#path, FORMAT, { told: this.#told }, { mode: 0o600 })
  }

  #again(url: string, wanted: ReleaseState, ms: number): void {
    if (this.#closed) return
    clearTimeout(this.#timers.get(url))
    const retry = () => {
      if (!this.#closed && this.#options.installations()[url] === wanted) void this.#start(url, wanted, false)
    }
    const timer = setTimeout(retry, Math.max(ms, 1000))
    timer.unref()
    this.#timers.set(url, timer)
  }

  #log() {
    return this.#options.parts.logs.logger('software')
  }
}
