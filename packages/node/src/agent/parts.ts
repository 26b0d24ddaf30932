import type { Clock } from '@slapos/base'
import type { PlannedPromise } from '@slapos/release'
import type { PromiseReport } from '@slapos/slap'
import type { NodeConfig } from '../config/config.ts'
import type { Host } from '../host/host.ts'
import type { Builder } from '../software/builder.ts'
import type { Supervisor } from '../supervise/supervisor.ts'
import type { NodeLogs } from './logs.ts'

/** What the agent is made of. Everything that acts on the machine comes from outside. */
export interface AgentParts {
  readonly config: NodeConfig
  readonly version: string
  readonly host: Host
  readonly supervisor: Supervisor
  readonly builder: Builder
  readonly promises: PromiseEngine
  readonly logs: NodeLogs
  readonly clock: Clock
}

export interface PromiseEngine {
  /** Makes these the whole set of a partition's promises. */
  set(partition: string, promises: readonly PlannedPromise[]): Promise<void> | void
  results(): readonly PromiseReport[]
  /** Checks now, whatever the periods; without names, all of them. */
  run(partition?: string): Promise<readonly PromiseReport[]>
  onChange(listener: (report: PromiseReport) => void): () => void
  close(): Promise<void> | void
}
