/**
 * The plan: what `instance.ts` returns, as plain JSON. The runner prints it, the agent validates it (`plan-schema.ts`),
 * and the partition's helper applies it. Paths are relative to the partition's directory; `..`, absolute paths and
 * links are refused.
 */

export const PLAN_FORMAT = 1

/** What the runner gives to `instance.ts`. */
export interface InstanceInput {
  readonly format: 1
  readonly title: string
  readonly rootTitle: string
  readonly guid: string
  readonly computer: string
  readonly partition: string
  readonly softwareType: string
  readonly state: 'started' | 'stopped'
  /** Parsed and validated against the request schema of the type. */
  readonly parameters: unknown
  /** Addresses of the partition. `ipv6` is null in local mode. */
  readonly ipv4: string
  readonly ipv6: string | null
  /** Absolute paths, for command lines. */
  readonly paths: { readonly partition: string; readonly release: string; readonly node: string }
  /** Started slaves, ordered by reference. Empty for a release whose controller receives them as deltas. */
  readonly slaves: readonly SlaveInput[]
  /** Results of child requests by title: null until the child has a partition and published. */
  readonly children: Readonly<Record<string, Readonly<Record<string, string>> | null>>
  /** 32 random bytes in hex, made once on the node for this instance: `instance.secret(name)` derives from it. */
  readonly seed: string
}

export interface SlaveInput {
  readonly reference: string
  readonly title: string
  readonly softwareType: string
  readonly parameters: unknown
}

export interface InstancePlan {
  readonly format: 1
  readonly files: readonly PlannedFile[]
  readonly directories: readonly PlannedDirectory[]
  /** Run in order, each once per content: again only when it changed or its last run failed. Before the services. */
  readonly oneShots: readonly PlannedOneShot[]
  readonly services: readonly PlannedService[]
  readonly promises: readonly PlannedPromise[]
  readonly forwards: readonly PlannedForward[]
  readonly requests: readonly PlannedRequest[]
  /** Connection parameters; a value that is not text is published as JSON (json-in-xml). */
  readonly publish: Readonly<Record<string, unknown>>
  /** Per slave reference. */
  readonly publishSlaves: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Per slave reference: why it is refused. Of a slave that is well there is nothing here. */
  readonly slaveErrors?: Readonly<Record<string, string>>
  /** The service that receives slave deltas on the Unix socket given in its environment as SLAPOS_CONTROLLER_SOCKET. */
  readonly controller?: { readonly service: string }
  /** What its services need together at most; the operator of the node may allow less. */
  readonly limits?: PlannedLimits
}

export interface PlannedLimits {
  readonly memoryMb?: number
  readonly processes?: number
  /** Processors: 0.5 is half of one. */
  readonly cpus?: number
}

export interface PlannedFile {
  readonly path: string
  readonly content: string
  /** Permission bits, default 0o640. No set-uid, set-gid or sticky bit. */
  readonly mode?: number
}

/** A directory that is made when absent and never emptied; data lives there. */
export interface PlannedDirectory {
  readonly path: string
  /** Default 0o750. */
  readonly mode?: number
}

interface PlannedCommand {
  /** `[A-Za-z0-9_.-]`, at most 100 characters. */
  readonly name: string
  /** Argument vector; the first is an absolute path or a path relative to the partition. No shell. */
  readonly command: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Relative to the partition; default the partition itself. */
  readonly in?: string
}

export interface PlannedService extends PlannedCommand {
  /** Default SIGTERM. */
  readonly stopSignal?: 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2'
  /** Seconds between stopSignal and SIGKILL, default 10. */
  readonly stopTimeout?: number
  /** Files (of this plan) that it reads at start: their content is part of its hash, so that their change restarts it. */
  readonly reads?: readonly string[]
  /** Files whose change is told by a signal instead of a restart. */
  readonly reload?: { readonly signal: 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2'; readonly reads: readonly string[] }
  /** Default true: shown as NAME-on-watch, and its unexpected end is reported at once. */
  readonly watch?: boolean
}

export interface PlannedOneShot extends PlannedCommand {
  /** Seconds, default 300. */
  readonly timeout?: number
  readonly reads?: readonly string[]
}

interface PlannedCheck {
  readonly name: string
  /** Seconds between checks, default 60, at least 1. While failing, checks come faster. */
  readonly period?: number
  /** Seconds, default 20. */
  readonly timeout?: number
}

export type PlannedPromise =
  | (PlannedCheck & { readonly kind: 'tcp'; readonly host: string; readonly port: number })
  | (PlannedCheck & {
      readonly kind: 'http'
      readonly url: string
      /** Default 200. */
      readonly status?: number
      /** Text that the body must hold. */
      readonly contains?: string
      /** Default true; false accepts any certificate (self-signed backends). */
      readonly verify?: boolean
    })
  | (PlannedCheck & { readonly kind: 'process'; readonly service: string })
  | (PlannedCheck & { readonly kind: 'command'; readonly command: readonly string[] })

/** A public port that the agent forwards to the partition while the instance is started. */
export interface PlannedForward {
  readonly protocol: 'tcp' | 'udp'
  readonly listenPort: number
  /** Default: every IPv4 address of the machine. */
  readonly listenAddress?: string
  readonly targetAddress: string
  readonly targetPort: number
}

export interface PlannedRequest {
  readonly title: string
  /** Default: the requester's own release. */
  readonly release?: string
  readonly softwareType: string
  readonly parameters: unknown
  readonly sla?: Readonly<Record<string, string>>
  readonly shared?: boolean
  readonly state?: 'started' | 'stopped' | 'destroyed'
}
