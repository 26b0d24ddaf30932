import type { Clock, Logger } from '@slapos/base'
import { messageOf } from '@slapos/base'
import { merge, noFacts } from './merge.ts'
import type { NodeFacts, TelemetryChange, TelemetryService } from './telemetry.ts'
import { TelemetryThread } from './thread.ts'

/** A reader that went away stops being followed after this. */
const FOLLOW_MS = 60_000
/** The last contact is written this often at most. */
const CONTACT_WRITE_MS = 30_000
/** How long a node may be silent before what we show of it changes: told when each is passed. */
const SILENCES_MS = [40_000, 216_000, 432_000]
const SWEEP_MS = 10_000
const LOG_BYTES = 64_000_000

export interface TelemetryOptions {
  /** Path of telemetry.db. */
  readonly path: string
  readonly clock: Clock
  readonly logger: Logger
}

interface Node {
  facts: NodeFacts
  /** True once this process received a full batch: partial ones are meaningful from then on. */
  known: boolean
  written: number
  /** How many of the silences were passed and told. */
  silent: number
}

export async function openTelemetry({ path, clock, logger }: TelemetryOptions): Promise<TelemetryService> {
  const thread = new TelemetryThread(path)
  const nodes = new Map<string, Node>()
  const followed = new Map<string, Map<string, number>>()
  const listeners = new Set<(change: TelemetryChange) => void>()

  for (const { computer, contact, address, agentVersion } of await thread.ask('contacts', {})) {
    const facts = { ...noFacts(computer, contact, address), agentVersion }
    nodes.set(computer, { facts, known: false, written: contact, silent: silences(facts) })
  }
  const sweep = setInterval(() => {
    for (const node of nodes.values()) {
      const silent = silences(node.facts)
      if (silent > node.silent) tell({ computer: node.facts.computer, kind: 'contact', partitions: [], sources: [] })
      node.silent = silent
    }
  }, SWEEP_MS).unref()

  return {
    receive(computer, batch, logBytes = LOG_BYTES) {
      const now = clock.now()
      const node = nodeOf(computer, '')
      const wantFull = !batch.full && !node.known
      const merged = merge(node.facts, batch, now)
      node.facts = merged.facts
      node.known ||= batch.full
      const { logs } = batch
      const usage = batch.usage.map((each) => ({ ...each, at: now - Math.max(0, batch.now - each.at) }))
      thread.record({ computer, at: now, history: merged.history, usage, logs, logBytes })
      const told = { computer, partitions: merged.partitions, sources: [] }
      if (node.silent > 0) tell({ computer, kind: 'contact', partitions: [], sources: [] })
      if (merged.changed) tell({ ...told, kind: 'facts' })
      if (usage.length > 0) tell({ computer, kind: 'usage', partitions: [], sources: [] })
      if (logs.length > 0) tell({ computer, kind: 'logs', partitions: [], sources: logs.map(({ source }) => source) })
      contact(node)
      return { format: 1, now, wantFull, followed: followedOf(computer) }
    },
    contacted(computer, observedAddress) {
      const node = nodeOf(computer, observedAddress)
      node.facts = { ...node.facts, contact: clock.now(), address: observedAddress }
      if (node.silent > 0) tell({ computer, kind: 'contact', partitions: [], sources: [] })
      contact(node)
    },
    node: (computer) => nodes.get(computer)?.facts,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    forget(computer) {
      nodes.delete(computer)
      followed.delete(computer)
      thread.record({ computer, at: clock.now(), forget: true })
    },
    follow(computer, source) {
      const sources = followed.get(computer) ?? new Map<string, number>()
      const now = clock.monotonic()
      const first = (sources.get(source) ?? Number.NEGATIVE_INFINITY) < now
      followed.set(computer, sources.set(source, now + FOLLOW_MS))
      return first
    },
    logs: (computer, source, offset, limit) => thread.ask('logs', { computer, source, offset, limit }),
    logSources: (computer) => thread.ask('logSources', { computer }),
    usage: (computer, partition, since) => thread.ask('usage', { computer, partition, since }),
    history: (computer, partition, limit) => thread.ask('history', { computer, partition: partition ?? null, limit }),
    past: (computer, since) => thread.ask('past', { computer, since }),
    async close() {
      clearInterval(sweep)
      for (const node of nodes.values()) write(node)
      await thread.close().catch((error: unknown) => logger.warning(`telemetry: ${messageOf(error)}`))
    },
  }

  function nodeOf(computer: string, address: string): Node {
    const known = nodes.get(computer)
    if (known) return known
    const facts = noFacts(computer, clock.now(), address)
    const node: Node = { facts, known: false, written: 0, silent: 1 }
    nodes.set(computer, node)
    return node
  }

  function silences({ contact }: NodeFacts): number {
    const quiet = clock.now() - contact
    return SILENCES_MS.filter((limit) => quiet >= limit).length
  }

  function contact(node: Node): void {
    node.silent = 0
    if (node.facts.contact - node.written >= CONTACT_WRITE_MS) write(node)
  }

  function write(node: Node): void {
    const { computer, contact: at, address, agentVersion } = node.facts
    if (at === node.written) return
    node.written = at
    thread.record({ computer, at, contact: { address, agentVersion } })
  }

  function followedOf(computer: string): string[] {
    const sources = followed.get(computer)
    if (sources === undefined) return []
    const now = clock.monotonic()
    for (const [source, until] of sources) if (until < now) sources.delete(source)
    return [...sources.keys()]
  }

  function tell(change: TelemetryChange): void {
    for (const listener of listeners) {
      try {
        listener(change)
      } catch (error) {
        logger.error(`a listener of telemetry failed: ${messageOf(error)}`)
      }
    }
  }
}
