/**
 * The agent's relation to its Master: connects, keeps the desired state, listens to hints, polls as the net. What the
 * Master does not answer never stops anything: `condition` says how things stand, and since when.
 */
import { backoffDelay, Mutex, messageOf } from '@slapos/base'
import type { NodeCommand, StreamEvent } from '@slapos/slap'
import { connectLink } from '../link/connect.ts'
import type { MasterLink } from '../link/link.ts'
import { offlineLink } from '../link/offline-link.ts'
import { type Condition, conditionOf, type Outcome, ok, reasonOf } from '../link/outcome.ts'
import { type Desired, epochOf, loadDesired, mergeDesired, NOTHING_DESIRED, saveDesired } from './desired.ts'
import type { AgentParts } from './parts.ts'
import { finishRenewal, renewCertificate } from './renewal.ts'

export interface ConnectionHooks {
  /** The Master answered; `before` is what was wanted until now. */
  readonly onAnswer: (before: Desired, after: Desired) => void
  /** The Master's history is another one than before. */
  readonly onEpoch: () => void
  readonly onCondition: (status: MasterStatus) => void
  readonly onSlaves: (partition: string) => void
  readonly onCommand: (command: NodeCommand) => void
}

export interface MasterStatus {
  readonly condition: Condition
  readonly kind: MasterLink['kind']
  readonly reason: string
  /** Wall clock, milliseconds. */
  readonly since: number
}

const POLL_MS = 60_000
const RENEW_CHECK_MS = 3_600_000
const BACKOFF = { first: 1000, most: 60_000 }

export class MasterConnection {
  readonly #parts: AgentParts
  readonly #hooks: ConnectionHooks
  readonly #path: string
  readonly #abort = new AbortController()
  readonly #mutex = new Mutex()
  #link: MasterLink
  #connected = false
  #desired: Desired = NOTHING_DESIRED
  #poll = 0
  #failures = 0
  #status: MasterStatus
  #timer: NodeJS.Timeout | undefined
  #stream: Promise<void> | undefined
  /** Ends the event stream of the present link. */
  #stop: AbortController | undefined
  /** The next question is for everything. */
  #refetch = false
  /** Monotonic, milliseconds. */
  #renewAt = 0
  #queued: Promise<Outcome<void>> | undefined

  constructor(parts: AgentParts, hooks: ConnectionHooks) {
    this.#parts = parts
    this.#hooks = hooks
    this.#path = `${parts.config.paths.state}/desired.json`
    const reason = 'not tried yet'
    this.#link = offlineLink(parts.config.masterUrl, { kind: 'unreachable', reason })
    this.#status = { condition: 'unreachable', kind: 'classic', reason, since: parts.clock.now() }
  }

  get link(): MasterLink {
    return this.#link
  }
  get desired(): Desired {
    return this.#desired
  }
  get status(): MasterStatus {
    return this.#status
  }
  /** Answers of the Master so far. */
  get poll(): number {
    return this.#poll
  }

  /** What the Master wanted when it was last heard. */
  async load(): Promise<void> {
    const log = (error: unknown) => this.#log().error(messageOf(error))
    await finishRenewal(this.#parts.config).catch(log)
    try {
      this.#desired = await loadDesired(this.#path)
    } catch (error) {
      this.#log().error(messageOf(error)) // a damaged file is as good as none: the Master knows
    }
  }

  /** Begins to poll and to listen. */
  start(): void {
    void this.refresh()
  }

  /** Asks the Master now. Calls that come together ask once. */
  refresh(): Promise<Outcome<void>> {
    const queued = this.#queued ?? this.#mutex.run(() => this.#refresh())
    this.#queued = queued
    return queued
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    this.#abort.abort()
    this.#link.close()
    await this.#stream
    await this.#mutex.run(() => {})
  }

  async #refresh(): Promise<Outcome<void>> {
    this.#queued = undefined
    if (this.#abort.signal.aborted) return ok(undefined)
    clearTimeout(this.#timer)
    let outcome: Outcome<void>
    try {
      const connected = this.#connected ? ok(undefined) : await this.#connect()
      outcome = connected.kind === 'ok' ? await this.#fetch() : connected
    } catch (error) {
      outcome = { kind: 'failed', reason: messageOf(error), missing: false }
    }
    this.#failures = outcome.kind === 'ok' ? 0 : this.#failures + 1
    this.#settle(outcome)
    const wait = outcome.kind === 'ok' ? POLL_MS : Math.max(500, backoffDelay(this.#failures, BACKOFF))
    if (!this.#abort.signal.aborted) this.#timer = setTimeout(() => void this.refresh(), wait)
    return outcome
  }

  async #connect(): Promise<Outcome<void>> {
    const outcome = await connectLink(this.#parts.config, this.#parts.version)
    if (outcome.kind !== 'ok') return outcome
    const { link, capabilities } = outcome.value
    this.#link = link
    this.#connected = true
    const kind = capabilities ? 'its own node interface' : 'the classic interface'
    this.#log().info(`connected to ${link.url} by ${kind}`)
    const stop = new AbortController()
    this.#stop = stop
    const events = link.events(AbortSignal.any([stop.signal, this.#abort.signal]))
    if (events) this.#stream = this.#listen(events)
    return ok(undefined)
  }

  async #fetch(): Promise<Outcome<void>> {
    const before = this.#desired
    const outcome = await this.#link.desired(this.#refetch ? undefined : before.position)
    if (outcome.kind === 'failed' && outcome.missing) this.#disconnect() // it speaks another way now
    if (outcome.kind !== 'ok') return outcome
    this.#poll++
    this.#refetch = false
    const { value } = outcome
    if (value) {
      this.#desired = mergeDesired(before, value)
      if (before.position !== undefined && epochOf(before.position) !== epochOf(value.position)) this.#hooks.onEpoch()
      await saveDesired(this.#path, this.#desired)
    }
    await this.#renew()
    this.#hooks.onAnswer(before, this.#desired)
    return ok(undefined)
  }

  /** Trouble with it is told and tried again in a while: the certificate still serves. */
  async #renew(): Promise<void> {
    const { clock, config } = this.#parts
    if (clock.monotonic() < this.#renewAt) return
    this.#renewAt = clock.monotonic() + RENEW_CHECK_MS
    try {
      const outcome = await renewCertificate(config, this.#link, clock.now())
      if (outcome.kind !== 'ok') {
        this.#log().warning(`the certificate of this node is not renewed: ${reasonOf(outcome)}`)
        return
      }
      if (!outcome.value) return
      this.#log().info('the certificate of this node was renewed')
      this.#disconnect()
      await this.#connect()
    } catch (error) {
      this.#log().warning(`the certificate of this node is not renewed: ${messageOf(error)}`)
    }
  }

  #disconnect(): void {
    this.#connected = false
    this.#stop?.abort()
    this.#link.close()
  }

  #settle(outcome: Outcome<void>): void {
    const [condition, reason, { kind }] = [conditionOf(outcome), reasonOf(outcome), this.#link]
    const before = this.#status
    if (before.condition === condition && before.reason === reason && before.kind === kind) return
    const since = before.condition === condition ? before.since : this.#parts.clock.now()
    this.#status = { condition, reason, kind, since }
    if (condition !== 'connected') this.#log().warning(`the Master is ${condition}: ${reason}`)
    else if (before.condition !== 'connected') this.#log().info('the Master answers')
    this.#hooks.onCondition(this.#status)
  }

  async #listen(events: AsyncIterable<StreamEvent>): Promise<void> {
    try {
      for await (const event of events) {
        switch (event.kind) {
          case 'connected':
          case 'desired':
            void this.refresh()
            break
          case 'slaves':
            this.#hooks.onSlaves(event.partition)
            break
          case 'command':
            this.#hooks.onCommand(event.command)
            break
          case 'reset':
            this.#refetch = true
            void this.refresh()
            break
          case 'lost':
            this.#log().debug(`event stream: ${messageOf(event.error)}`)
            // Who is sent away learns it now, not with the next poll.
            if (event.error.kind === 'refused' && this.#status.condition === 'connected') void this.refresh()
        }
      }
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#log().warning(`event stream: ${messageOf(error)}`)
    }
  }

  #log() {
    return this.#parts.logs.logger('agent')
  }
}
