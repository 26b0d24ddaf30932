import type { InstancePlan, PlannedForward, PlannedPromise } from '@slapos/release'
import type { InstanceRequest, TextDictionary } from '@slapos/slap'
import type { FileOperations } from '../host/local-files.ts'
import type { PartitionLimits } from '../supervise/limits.ts'
import type { ServiceDefinition } from '../supervise/supervisor.ts'

/** One idempotent act on a partition. */
export type Step =
  /** Takes the partition for this instance: a new record with a new seed. */
  | { readonly kind: 'adopt'; readonly instanceGuid: string; readonly retentionDays: number }
  /** Runs instance.ts. What follows depends on its answer, so it is always the last of a list. */
  | { readonly kind: 'evaluate'; readonly key: string }
  | {
      readonly kind: 'request'
      readonly title: string
      readonly hash: string
      readonly request: ChildRequest
      /** Number of the poll during which it is asked. */
      readonly poll: number
    }
  | { readonly kind: 'files'; readonly operations: FileOperations; readonly fingerprints: Fingerprints }
  | {
      readonly kind: 'supervise'
      readonly hash: string
      readonly definitions: readonly ServiceDefinition[]
      readonly limits: PartitionLimits
    }
  | { readonly kind: 'promises'; readonly hash: string; readonly promises: readonly PlannedPromise[] }
  | { readonly kind: 'forward'; readonly hash: string; readonly forwards: readonly PlannedForward[] }
  | { readonly kind: 'publish'; readonly hash: string; readonly connection: TextDictionary }
  | {
      readonly kind: 'publish-slaves'
      readonly connections: Readonly<Record<string, TextDictionary>>
      /** Why slaves are refused; an empty text: no more. */
      readonly errors: Readonly<Record<string, string>>
      readonly hashes: Readonly<Record<string, string>>
    }
  | { readonly kind: 'report'; readonly state: 'started' | 'stopped'; readonly reported: string }
  /** Begins the time for which a destroyed instance is kept. */
  | { readonly kind: 'retain'; readonly until: number }
  | { readonly kind: 'wipe' }
  | { readonly kind: 'report-destroyed' }
  /** Drops the record. */
  | { readonly kind: 'forget' }

/** As `InstanceRequest`, without the requester's place, which the executor adds. */
export type ChildRequest = Omit<InstanceRequest, 'requester' | 'project'>

export interface Fingerprints {
  readonly files: Readonly<Record<string, string>>
  readonly directories: Readonly<Record<string, number>>
}

/** Needs the Master: when it is away, the step waits and the ones after it go on. */
export const LINK_STEPS: ReadonlySet<Step['kind']> = new Set([
  'request',
  'publish',
  'publish-slaves',
  'report',
  'report-destroyed',
])

/** What a step brought, for those that bring something. */
export type StepResult =
  | {
      readonly kind: 'plan'
      readonly plan: InstancePlan
      readonly key: string
      readonly releaseId: string
      readonly at: number
    }
  | { readonly kind: 'connection'; readonly connection: TextDictionary | null }
  | { readonly kind: 'seed'; readonly seed: string }
  | { readonly kind: 'poll'; readonly poll: number }
  | undefined
