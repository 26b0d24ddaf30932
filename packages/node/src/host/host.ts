/**
 * The machine as the agent sees it. `local` keeps everything under one directory and needs no root; `system` rules
 * users and addresses. Nothing outside this folder knows which one it has.
 */

import type { PlannedForward } from '@slapos/release'
import type { FormattedPartition } from '@slapos/slap'
import type { RunAs } from '../supervise/supervisor.ts'
import type { FileOperations, FileResult } from './local-files.ts'

/** Where things are. Every path is absolute. */
export interface NodePaths {
  /** slapos.cfg. */
  readonly configuration: string
  /** Built releases, `<md5 of URL>` each. */
  readonly software: string
  /** Partitions. */
  readonly instances: string
  /** slapos-node-{format,software,instance}.log. */
  readonly logs: string
  /** The agent's own records, never below a partition. */
  readonly state: string
  /** Immutable copies of Node.js. */
  readonly runtime: string
  /** The last formatted computer, as classic tools expect it (`computer_xml`). */
  readonly computerXml: string
}

/** What `format` wants of a host, in plain values; `planFormat` decides, `Host.execute` does. */
export type HostStep =
  | { readonly kind: 'root-directory'; readonly path: string; readonly mode: number }
  | { readonly kind: 'software-user'; readonly name: string; readonly home: string }
  | { readonly kind: 'partition-user'; readonly partition: FormattedPartition }
  | { readonly kind: 'partition-directory'; readonly partition: FormattedPartition }
  | {
      readonly kind: 'address'
      readonly interface: string
      readonly address: string
      readonly prefixLength: number
      readonly partition: string
    }
  /** Makes a whole IPv6 network the machine's own, for a partition. */
  | { readonly kind: 'range'; readonly network: string; readonly partition: string }
  | { readonly kind: 'release-range'; readonly network: string }
  /** Takes back an address that nothing here uses any more. */
  | ({ readonly kind: 'release-address' } & MachineAddress)
  /** Writes `.slapos-resource`. */
  | { readonly kind: 'resource'; readonly partition: FormattedPartition }
  /** Undoes everything of a free partition that is no longer configured. */
  | { readonly kind: 'remove-partition'; readonly partition: FormattedPartition }

export interface MachineAddress {
  readonly interface: string
  readonly address: string
  readonly prefixLength: number
}

/** What is there now, as far as `format` must know. Reading it changes nothing. */
export interface HostFacts {
  readonly partitions: Readonly<Record<string, PartitionFacts>>
  /** Directories of `root-directory` steps that exist with the right mode. */
  readonly rootDirectories: readonly string[]
  readonly softwareUser: boolean
  /** Addresses of the machine that `format` may rule; empty when it rules none. */
  readonly addresses: readonly MachineAddress[]
  /** IPv6 networks that are the machine's own as a whole. */
  readonly ranges: readonly string[]
}

export interface PartitionFacts {
  readonly directory: boolean
  readonly user: boolean
  readonly addresses: readonly string[]
  /** Text of `.slapos-resource`, undefined when there is none. */
  readonly resource: string | undefined
}

/** What the configuration asks of the partitions, for `Host.assign`. */
export interface AssignRequest {
  readonly count: number
  readonly partitionBase: string
  readonly userBase: string
  readonly softwareUser: string
  readonly tapBase: string
  /** Bits between the node's IPv6 prefix and the range of a partition; undefined: partitions have no range. */
  readonly ipv6PrefixShift?: number
  /** Partitions of the last format: their addresses are kept whenever they still fit. */
  readonly remembered: readonly RememberedAddresses[]
}

export type RememberedAddresses = Pick<FormattedPartition, 'reference' | 'address_list'>

export interface Assignment {
  readonly partitions: readonly FormattedPartition[]
  /** The computer's own address, when it has one. */
  readonly address: string | null
  readonly netmask: string | null
  readonly interface: string
  readonly ipv6Interface: string | null
  /** An address that the computer must take for itself, or give up when another one serves. */
  readonly temporary: { readonly address: MachineAddress; readonly wanted: boolean } | null
}

/** The node's own unprivileged users. */
export interface OwnUsers {
  /** Writes the logs of services. */
  readonly log: RunAs
  /** Builds releases; undefined: the agent's own user does. */
  readonly build: { readonly uid: number; readonly gid: number } | undefined
}

export interface Host {
  readonly mode: 'local' | 'system'
  readonly paths: NodePaths

  /** Chooses users and addresses. Stable: the same request and remembered values give the same answer. */
  assign(request: AssignRequest): Promise<Assignment>
  /** Calls back now and at each change of the addresses that `assign` chooses from. Absent: it never has another choice. */
  onIpv6Change?(listener: () => void): () => void
  /** What the partitions say of their own addresses, for when the memory of the last format is lost. */
  recall(references: readonly string[]): Promise<readonly RememberedAddresses[]>
  inspect(partitions: readonly FormattedPartition[], rootDirectories: readonly HostStep[]): Promise<HostFacts>
  /** One idempotent step. Throws HOST_STEP. */
  execute(step: HostStep): Promise<void>

  /** The node's own users, made when they are missing. */
  ownUsers(): Promise<OwnUsers>
  /** As whom the services of a partition run. */
  runAs(partition: string): Promise<RunAs>
  /** The partition's directory, whether it exists or not. */
  directory(partition: string): string
  /** True when the partition is formatted and may be used. */
  exists(partition: string): Promise<boolean>
  /**
   * Applies file operations below the partition's directory with the partition's own rights, following no link. In
   * system mode a helper process with its uid and an empty environment does it; root never looks inside.
   */
  files(partition: string, operations: FileOperations): Promise<FileResult>
  /** Removes everything in the partition but what `format` put there. */
  wipe(partition: string): Promise<void>
  /** Makes exactly these public ports lead to the partition; an empty list removes all. */
  forward(partition: string, forwards: readonly PlannedForward[]): Promise<void>
}

/** Tells a host's owner what it did. */
export type HostLog = (message: string) => void
