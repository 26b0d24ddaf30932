/**
 * What nodes tell about themselves: the present facts in memory, and a short history in a database that may be thrown
 * away. It colours indicators and fills the panel; nothing that the cloud does depends on it.
 */
import type {
  BuildReport,
  PartitionReport,
  ProcessReport,
  PromiseReport,
  Telemetry,
  TelemetryAnswer,
} from '@slapos/slap'

export interface TelemetryService {
  /** A batch of a node, already identified. Of its logs the newest `logBytes` are kept. */
  receive(computer: string, batch: Telemetry, logBytes?: number): TelemetryAnswer
  /** The node fetched or sent something with its own certificate. Costs one entry in a map. */
  contacted(computer: string, observedAddress: string): void
  /** Undefined: it never contacted us. */
  node(computer: string): NodeFacts | undefined
  /** After each change of what `node` answers; usage and log lines are told too, under their own kinds. */
  onChange(listener: (change: TelemetryChange) => void): () => void
  /** The computer is gone, or a restore made its past another one. */
  forget(computer: string): void

  /**
   * Somebody reads this source: for a while, the node is asked to send its lines as they come. True: nobody did
   * before, and the node should be told now rather than with its next batch.
   */
  follow(computer: string, source: string): boolean
  /** Lines from `offset` on; a negative one counts from the end. */
  logs(computer: string, source: string, offset: number, limit: number): Promise<LogLines>
  /** Sources that have lines, with the time of the last one. */
  logSources(computer: string): Promise<readonly { readonly source: string; readonly at: number }[]>
  /** Oldest first. Every 15 s for the last two hours, every 5 min for seven days. */
  usage(computer: string, partition: string, since: number): Promise<readonly UsagePoint[]>
  /** Changes of state of processes, promises, builds and partitions, newest first. */
  history(computer: string, partition: string | undefined, limit: number): Promise<readonly HistoryEntry[]>
  /** What is needed to say how it was since then. */
  past(computer: string, since: number): Promise<Past>
  close(): Promise<void>
}

/** Moments are the Master's clock, milliseconds. */
export interface NodeFacts {
  readonly computer: string
  readonly contact: number
  readonly address: string
  readonly agentVersion: string
  /** Node's clock minus ours, milliseconds, measured at its last batch. */
  readonly clockOffset: number
  /** By `PARTITION/NAME`. */
  readonly processes: ReadonlyMap<string, ProcessReport>
  readonly promises: ReadonlyMap<string, PromiseReport>
  /** By release URL. */
  readonly builds: ReadonlyMap<string, BuildReport>
  /** By partition. */
  readonly partitions: ReadonlyMap<string, PartitionReport>
}

export interface TelemetryChange {
  readonly computer: string
  readonly kind: 'facts' | 'contact' | 'usage' | 'logs'
  /** Partitions concerned; empty: the computer as a whole. */
  readonly partitions: readonly string[]
  /** Sources of log lines that arrived. */
  readonly sources: readonly string[]
}

export interface LogLines {
  readonly offset: number
  readonly lines: string[]
  /** Where to go on reading. */
  readonly next: number
}

export interface UsagePoint {
  readonly at: number
  readonly cpu: number
  readonly memory: number
  readonly processes: number
  readonly disk: number | null
}

/** Steps of `past`. */
export const STEP_MS = 300_000

export interface Past {
  /** Of promises and processes, oldest first: the last one of each before that moment, and all since. */
  readonly changes: readonly Pick<HistoryEntry, 'at' | 'kind' | 'partition' | 'name' | 'state'>[]
  /** Beginnings of the steps in which the computer measured itself. */
  readonly measured: readonly number[]
}

export interface HistoryEntry {
  readonly at: number
  readonly kind: 'process' | 'promise' | 'build' | 'partition'
  readonly partition: string
  readonly name: string
  readonly state: string
  readonly message: string
}
