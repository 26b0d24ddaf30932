import type { InstancePlan } from '@slapos/release'
import type { TextDictionary } from '@slapos/slap'

/** What the agent did in a partition and must not forget: on disk, outside the partition, root's own (format 1). */
export interface PartitionRecord {
  readonly partition: string
  readonly instanceGuid: string
  /** 32 random bytes in hex, from which `instance.secret()` derives. Made once per instance. */
  readonly seed: string
  /** Days for which a destroyed instance is kept, frozen at its first processing, and the date that follows. */
  readonly retention: { readonly days: number; readonly until: number | null }
  /** Result of the last evaluation of instance.ts. */
  readonly target: Target | null
  /** Files that we wrote, by path: fingerprint of content and mode. */
  readonly files: Readonly<Record<string, string>>
  readonly directories: Readonly<Record<string, number>>
  /** Child requests by title. */
  readonly children: Readonly<Record<string, ChildRecord>>
  /** Fingerprint of the published connection parameters. */
  readonly published: string | null
  readonly publishedSlaves: Readonly<Record<string, string>>
  /** `started KEY`, `stopped KEY`: what the Master was told last. */
  readonly reported: string | null
  readonly failure: Failure | null
  /** The instance is destroyed and nothing of it is left; kept until the Master frees the partition. */
  readonly destroyed: boolean
}

export interface Target {
  /** Fingerprint of everything that the evaluation saw. */
  readonly key: string
  readonly releaseId: string
  /** Wall clock, milliseconds. */
  readonly at: number
  readonly plan: InstancePlan
}

export interface ChildRecord {
  /** Fingerprint of the request and of the revision for which it was made. */
  readonly hash: string
  /** Null until the child has a partition and published something. */
  readonly connection: TextDictionary | null
}

export interface Failure {
  readonly count: number
  /** Wall clock, milliseconds. */
  readonly at: number
  readonly retryAt: number
  /** What was wanted when it failed: another wish is tried at once. */
  readonly wish: string
  readonly message: string
}

/** What is true of this run of the agent only: after a start everything is applied once again, which is cheap. */
export interface LiveState {
  /** Fingerprints of what supervision, promises and forwards were given last. */
  readonly supervised: string | null
  readonly promises: string | null
  readonly forwards: string | null
  /** Number of the poll after which the destruction was reported. */
  readonly destructionReported: number
  /** Number of the poll during which each child was asked last. */
  readonly asked: Readonly<Record<string, number>>
  /** One evaluation is wanted whatever the fingerprints say. */
  readonly force: boolean
}

export interface PartitionState {
  readonly record: PartitionRecord | undefined
  readonly live: LiveState
}

export const NOTHING_LIVE: LiveState = Object.freeze({
  supervised: null,
  promises: null,
  forwards: null,
  destructionReported: -1,
  asked: {},
  force: false,
})

export function newRecord(partition: string, instanceGuid: string, seed: string, days: number): PartitionRecord {
  return {
    partition,
    instanceGuid,
    seed,
    retention: { days, until: null },
    target: null,
    files: {},
    directories: {},
    children: {},
    published: null,
    publishedSlaves: {},
    reported: null,
    failure: null,
    destroyed: false,
  }
}
