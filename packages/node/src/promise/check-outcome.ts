import type { RunAs } from '../supervise/supervisor.ts'

/** What a check says. The message stands alone: a person reads it in the panel without the promise's definition. */
export interface Outcome {
  readonly ok: boolean
  readonly message: string
}

/** Where and as whom the promises of a partition are checked. */
export interface PartitionContext {
  readonly directory: string
  readonly runAs: RunAs
}
