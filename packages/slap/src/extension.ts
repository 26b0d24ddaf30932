/**
 * The node extension: what our node and our Master say to each other beside the classic API, as JSON over the same
 * mutual TLS port. A node asks `GET <master_url>/node/v1/` once per connection; 404 means a classic Master, and the
 * node then keeps to the classic API. Capabilities are negotiated by name; both sides ignore what they do not know.
 *
 *   GET  node/v1/                                 Capabilities
 *   GET  node/v1/desired?since=EPOCH:REVISION     DesiredState (only what changed; `full` when there is a gap), 304
 *   GET  node/v1/slaves/PARTITION?since=EPOCH:REV SlaveDelta
 *   POST node/v1/slaves/PARTITION                 SlavePublication
 *   GET  node/v1/events                           server-sent events, see `NodeEvent`
 *   POST node/v1/telemetry                        Telemetry, answers TelemetryAnswer
 *   POST node/v1/certificate                      { csr } -> { certificate, ca }: renewal of the node's own certificate
 *   POST node/v1/leave                            {} -> { instances }: the computer leaves for good
 *
 * Everything is about the computer whose certificate is presented; no call names a computer.
 */
import type { FullIpEntry, InstanceState, IpEntry, ReleaseState, SlaveDocument, TextDictionary } from './documents.ts'

export const EXTENSION_PATH = 'node/v1/'
export type Capability = 'desired' | 'slaves' | 'events' | 'telemetry' | 'certificate' | 'leave'

export interface Capabilities {
  readonly format: 1
  readonly version: string
  readonly capabilities: readonly Capability[]
  readonly computer: string
  /** Master's wall clock, milliseconds: the node reports its offset. */
  readonly now: number
  /** The address from which the Master sees the node. */
  readonly observedAddress: string
}

/** Position in a Master's history: `epoch:revision`. Another epoch means the Master was restored: refetch everything. */
export type Position = `${string}:${number}`

export interface DesiredPartition {
  readonly partitionId: string
  /** Null: free. */
  readonly occupant: DesiredOccupant | null
}

/** As `OccupantDocument`, but the slaves are only counted: they are fetched as deltas. */
export interface DesiredOccupant {
  readonly instanceGuid: string
  readonly title: string
  readonly rootTitle: string
  readonly state: InstanceState
  readonly releaseUrl: string
  readonly softwareType: string
  readonly parameters: TextDictionary
  readonly connection: TextDictionary
  readonly filter: TextDictionary
  readonly accessStatus: string | null
  readonly ipList: readonly IpEntry[]
  readonly fullIpList: readonly FullIpEntry[]
  /** The partition's revision as a slave change also moves it (the classic `timestamp`). */
  readonly timestamp: string
  /** Moves with everything but slave changes: only this one makes instance.ts run. */
  readonly ownRevision: string
  /** Moves with slave changes only. "0" when there never was one. */
  readonly slavesRevision: string
}

export interface DesiredState {
  readonly format: 1
  readonly position: Position
  /** True: everything is listed. False: only what changed since the asked position. */
  readonly full: boolean
  readonly partitions: readonly DesiredPartition[]
  /** Partitions that no longer exist for the Master (only when not `full`). */
  readonly removedPartitions: readonly string[]
  readonly installations: readonly { readonly url: string; readonly state: ReleaseState }[]
  /** Installations that vanished (only when not `full`). */
  readonly removedInstallations: readonly string[]
}

export interface SlaveDelta {
  readonly format: 1
  readonly position: Position
  readonly full: boolean
  readonly changed: readonly SlaveDocument[]
  /** References of slaves that are gone (only when not `full`). */
  readonly removed: readonly string[]
}

export interface SlavePublication {
  readonly format: 1
  /** Slave reference to its whole connection dictionary. Identical content changes nothing. */
  readonly connections: Readonly<Record<string, TextDictionary>>
  /** Slave reference to the reason why the host refuses it; an empty text clears it. */
  readonly errors?: Readonly<Record<string, string>>
}

/**
 * Events are hints, never state: the receiver fetches. Sent as `id: EPOCH:SEQ`, `event: KIND`, `data: JSON`.
 *   desired   something of the desired state changed            data { revision }
 *   slaves    slaves of a partition changed                     data { partition, revision }
 *   command   do something now, once                            data { command }
 *   reset     the position is unknown here: refetch everything  data {}
 * A comment line `: ping` travels every 15 s; a stream that is silent for 40 s is dead.
 */
export type NodeEvent =
  | { readonly kind: 'desired'; readonly revision: number }
  | { readonly kind: 'slaves'; readonly partition: string; readonly revision: number }
  | { readonly kind: 'command'; readonly command: NodeCommand }
  | { readonly kind: 'reset' }

export type NodeCommand =
  | {
      readonly name: 'restart-service' | 'stop-service' | 'start-service'
      readonly partition: string
      readonly service: string
    }
  | { readonly name: 'reprocess'; readonly partition: string }
  | { readonly name: 'rebuild'; readonly url: string }
  | { readonly name: 'logs'; readonly source: string; readonly follow: boolean }

export type ProcessState = 'RUNNING' | 'STARTING' | 'STOPPING' | 'STOPPED' | 'EXITED' | 'BACKOFF' | 'FATAL'

export interface ProcessReport {
  readonly partition: string
  readonly name: string
  readonly state: ProcessState
  readonly pid?: number
  /** Node's wall clock, milliseconds. */
  readonly since: number
  readonly exitCode?: number
  /** Restarts since the service was defined. */
  readonly restarts: number
}

export interface PromiseReport {
  readonly partition: string
  readonly name: string
  readonly ok: boolean
  readonly message: string
  /** When the check was made and when `ok` last changed, node's wall clock, milliseconds. */
  readonly checked: number
  readonly since: number
  readonly durationMs: number
}

export interface BuildReport {
  readonly url: string
  readonly phase: string
  readonly step: number
  readonly steps: number
  readonly since: number
  readonly failed: boolean
  /** Full text of the failure, at most 64 KiB. */
  readonly message: string
}

/** How the processing of a partition stands, beside the classic started/stopped/error reports. */
export interface PartitionReport {
  readonly partition: string
  readonly phase: 'waiting-release' | 'processing' | 'deployed' | 'failed' | 'stopped' | 'destroying'
  readonly since: number
  readonly message: string
  /** Milliseconds until the next try, when it failed. */
  readonly retryInMs?: number
}

/** Log lines. Sources: `software/MD5`, `instance/PARTITION`, `service/PARTITION/NAME`, `agent`. */
export interface LogReport {
  readonly source: string
  /** Line offset of the first line, counted from the start of this source's life: gaps and repeats are visible. */
  readonly offset: number
  readonly lines: readonly string[]
}

export interface UsageReport {
  /** Partition, or empty for the whole computer. */
  readonly partition: string
  readonly at: number
  /** Share of one core, 0 to cores. */
  readonly cpu: number
  readonly memoryBytes: number
  readonly processes: number
  readonly diskBytes?: number
}

/** A batch. Every list may be empty: an empty batch is the node's heartbeat (every 15 s). */
export interface Telemetry {
  readonly format: 1
  /** Node's wall clock, milliseconds. */
  readonly now: number
  readonly agentVersion: string
  /** True: `processes` and `promises` list everything; what is not listed is gone. */
  readonly full: boolean
  readonly processes: readonly ProcessReport[]
  readonly removedProcesses: readonly { readonly partition: string; readonly name: string }[]
  readonly promises: readonly PromiseReport[]
  readonly removedPromises: readonly { readonly partition: string; readonly name: string }[]
  readonly builds: readonly BuildReport[]
  readonly partitions: readonly PartitionReport[]
  readonly logs: readonly LogReport[]
  readonly usage: readonly UsageReport[]
}

export interface TelemetryAnswer {
  readonly format: 1
  readonly now: number
  /** The Master does not know this node's earlier telemetry (restart): send a full batch next. */
  readonly wantFull: boolean
  /** Sources that someone reads now: send their lines as they come. Others are sent only on failure. */
  readonly followed: readonly string[]
}
