import type { Clock } from '@slapos/base'
import type { NodeConfig } from '../config/config.ts'
import type { Host } from '../host/host.ts'
import type { PromiseMonitor } from '../promise/index.ts'
import type { Builder, BuildProgress } from '../software/builder.ts'
import type { Supervisor } from '../supervise/supervisor.ts'
import type { NodeLogs } from './logs.ts'

/** What the agent is made of. Everything that acts on the machine comes from outside. */
export interface AgentParts {
  readonly config: NodeConfig
  readonly version: string
  readonly host: Host
  readonly supervisor: Supervisor
  readonly builder: Builder
  /** Progress of the builder's work, while somebody listens. */
  readonly onBuild: (listener: (progress: BuildProgress) => void) => () => void
  readonly promises: PromiseMonitor
  /** This machine lets programs have user namespaces. */
  readonly userNamespaces: boolean
  readonly logs: NodeLogs
  readonly clock: Clock
  /** Ends what the parts hold open; services live on. */
  readonly close: () => Promise<void>
}
