/**
 * The contract of process supervision. One supervisor rules one directory (`node/var/supervise`): it holds the s6 scan
 * directory, one service directory per service, the logs and our own records. The processes belong to the scanner, not
 * to the program that holds this object: closing it, killing it or replacing it by another version changes no pid.
 */
import type { ProcessState } from '@slapos/slap'
import type { PartitionLimits } from './limits.ts'

/** As whom a program runs. */
export type RunAs =
  /** As the user who runs the supervisor. */
  | { readonly kind: 'self' }
  /** Another user, with these groups only, no capability, and no way to gain privileges. Needs root. */
  | { readonly kind: 'user'; readonly uid: number; readonly gid: number; readonly groups?: readonly number[] }
  /**
   * For local mode started by root: an unprivileged uid inside a user namespace, whose files outside belong to root.
   * Programs that refuse root (PostgreSQL) run. Where namespaces are not permitted it is the user nobody.
   */
  | { readonly kind: 'namespace' }

export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2'

export interface ServiceDefinition {
  /** `slappart7`; empty for a service of the node itself, shown by its bare name. */
  readonly partition: string
  /** `[A-Za-z0-9_.-]`, at most 100 characters; unique in the partition. */
  readonly name: string
  /** A service is kept running. A one-shot runs to completion once per hash, or again when it failed. */
  readonly kind: 'service' | 'one-shot'
  /** Argument vector. The first is an absolute path, or is found from `directory` or the environment's PATH. */
  readonly command: readonly string[]
  /** The whole environment: nothing is inherited but a default PATH, and HOME, USER, LOGNAME when absent here. */
  readonly environment: Readonly<Record<string, string>>
  /** Absolute working directory, entered with the rights of `runAs`. */
  readonly directory: string
  readonly runAs: RunAs
  readonly stopSignal: StopSignal
  /** Between `stopSignal` and SIGKILL, milliseconds. */
  readonly stopTimeoutMs: number
  /**
   * What the caller wants to count as its content beside the fields of this definition (files that it reads, the
   * release). Another hash, or any other field changed, restarts the service.
   */
  readonly hash: string
  /** Files whose change is told by a signal: another hash here sends the signal, without restart. */
  readonly reload?: { readonly signal: 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2'; readonly hash: string }
  /** Shown as `NAME-on-watch`. */
  readonly watch: boolean
  /** Wanted running. False: the service is defined, visible, and stopped. */
  readonly up: boolean
  /** One-shots: killed after that long, milliseconds. */
  readonly timeoutMs?: number
}

/** What `apply` did to one service. `failed` concerns one-shots: those after it and changed services are untouched. */
export interface ServiceChange {
  readonly name: string
  readonly action: 'added' | 'replaced' | 'reloaded' | 'started' | 'stopped' | 'removed' | 'completed' | 'failed'
  /** With `failed`: exit code or signal, and the last lines of its log. */
  readonly message?: string
}

export interface ServiceStatus {
  readonly partition: string
  readonly name: string
  /** `slappart7:crond-on-watch`: what people see and type. */
  readonly title: string
  readonly kind: 'service' | 'one-shot'
  readonly watch: boolean
  readonly state: ProcessState
  readonly pid?: number
  /** When `state` began, node's wall clock, milliseconds; 0 when it never ran. */
  readonly since: number
  /** Of the last end. */
  readonly exitCode?: number
  readonly signal?: string
  /** Restarts since the service was defined in its present form. */
  readonly restarts: number
  /** BACKOFF: when the next try comes, node's wall clock, milliseconds. */
  readonly retryAt?: number
  /** Wanted running, by its definition and by hand. */
  readonly wanted: boolean
}

export interface Transition {
  readonly before: ServiceStatus | undefined
  /** Undefined: the service was removed. */
  readonly after: ServiceStatus | undefined
  /** A service's process ended without being asked to, or could not even start. */
  readonly unexpected: boolean
}

/**
 * Names as people type them: `slappart7:crond-on-watch`, `slappart7:crond`, `slappart7:` or `slappart7:*`, `all`.
 */
export type Selector = string

/** Outcome of `control` for one service, as supervisorctl words it. */
export interface ControlResult {
  readonly title: string
  readonly ok: boolean
  /** `started`, `stopped`, `ERROR (already started)`, `ERROR (not running)`, `ERROR (no such process)`... */
  readonly message: string
}

export interface TailOptions {
  /** Bytes from the end; default 1600. */
  readonly bytes?: number
}

export interface Supervisor {
  /** Adopts the running scanner or starts one, repairs what was lost, and begins to watch. */
  open(): Promise<void>
  /**
   * Makes `definitions` the whole set of services of that partition, in order: what is no longer listed is stopped,
   * checked gone and removed; one-shots that must run are run, each to its end; then new and changed services start.
   * What did not change is not touched. Calls for different partitions may run side by side.
   */
  apply(
    partition: string,
    definitions: readonly ServiceDefinition[],
    signal?: AbortSignal,
  ): Promise<readonly ServiceChange[]>
  /**
   * What the services of that partition may use together, from now on, without restarting any; it ends with the last of
   * them. What the machine cannot enforce is said once in the log.
   */
  limit(partition: string, limits: PartitionLimits): Promise<void>
  /** Every service, ordered as `slapos node` prints them. Reads small files only. */
  status(): readonly ServiceStatus[]
  /** By hand. A service that was stopped so stays stopped until it is started so, or its definition changes. */
  control(action: 'start' | 'stop' | 'restart', selector: Selector): Promise<readonly ControlResult[]>
  /** The end of a service's log. Throws NO_SUCH_PROCESS. */
  tail(selector: Selector, options?: TailOptions): Promise<string>
  /** What the run of that process (default: the last that ended) said last. Throws NO_SUCH_PROCESS. */
  lastWords(selector: Selector, pid?: number): Promise<string>
  /** What the log gains from now on, until the signal or the service's removal. */
  follow(selector: Selector, signal: AbortSignal): AsyncIterable<string>
  /** Where the log of a service is kept: a directory of s6-log, `current` being the newest file. */
  logDirectory(partition: string, name: string): string
  /** State changes, in order, as they happen. Returns the unsubscribe function. */
  onTransition(listener: (transition: Transition) => void): () => void
  /** Stops every service, the loggers and the scanner; definitions stay and come back with the next `open`. */
  stopEverything(): Promise<void>
  /** Stops watching. Services, loggers and scanner live on. */
  close(): Promise<void>
}
