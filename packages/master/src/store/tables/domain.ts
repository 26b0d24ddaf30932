/**
 * Rows of the domain's tables. Moments are wall-clock milliseconds, revisions are the microseconds of `revision.ts`,
 * flags are 0 or 1, and columns named `*_json` hold JSON text.
 */
import type { InstanceState, ReleaseState } from '@slapos/slap'

export type Flag = 0 | 1

/** Counters: the last number given out of each sequence (`revision`, `change`, `computer`...). */
export interface CounterTable {
  readonly name: string
  readonly value: number
}

/** One value a key: `epoch`. */
export interface MetaTable {
  readonly key: string
  readonly value: string
}

export interface ProjectTable {
  readonly id: number
  /** `PROJ-n` */
  readonly reference: string
  readonly title: string
  readonly state: 'active' | 'closed'
  readonly created_at: number
  /** Living instances and slaves: the limits count without reading them. */
  readonly instance_count: number
  readonly slave_count: number
}

export interface PersonTable {
  readonly id: number
  /** `PERS-n` */
  readonly reference: string
  readonly name: string
  readonly email: string
  /** 1: operates the cloud itself: every project, people, limits. */
  readonly operator: Flag
  readonly state: 'active' | 'disabled'
  readonly created_at: number
}

export type Role = 'owner' | 'manager' | 'member'

export interface MembershipTable {
  readonly project_id: number
  readonly person_id: number
  readonly role: Role
  readonly created_at: number
}

export interface NetworkTable {
  readonly id: number
  /** `NET-n` */
  readonly reference: string
  readonly project_id: number
  readonly title: string
  readonly live: Flag
}

export type AllocationScopeColumn = 'open' | 'close/maintenance' | 'close/termination' | 'close/forever'
export type Visibility = 'project' | 'named' | 'everybody'

export interface ComputerTable {
  readonly id: number
  /** `COMP-n` */
  readonly reference: string
  readonly project_id: number
  readonly network_id: number | null
  readonly title: string
  readonly live: Flag
  readonly scope: AllocationScopeColumn
  /** Who may place instances on it: its project, also the projects in `computer_share`, or everybody. */
  readonly visibility: Visibility
  /** Most instances that allocation puts on it; null: as many as it has partitions. */
  readonly capacity: number | null
  /** SLA categories: `{ region: 'europe/france', ... }`. */
  readonly categories_json: string
  /** Moves with anything in the computer's documents. */
  readonly revision: number
  readonly created_at: number
  /** Its partitions in these states: allocation compares nodes without reading partitions. */
  readonly free_count: number
  readonly busy_count: number
}

/** What `node format` said last, apart from the small row that every change touches. */
export interface ComputerFormatTable {
  readonly computer_id: number
  /** `FormattedComputer` without its partitions. */
  readonly facts_json: string
  /** SHA-256 of the whole formatted document: identical content is recognised without comparing. */
  readonly digest: string
  readonly has_ipv6: Flag
  readonly formatted_at: number
}

export interface ComputerShareTable {
  readonly computer_id: number
  readonly project_id: number
}

export interface PartitionTable {
  readonly id: number
  readonly computer_id: number
  /** `slappartN` */
  readonly reference: string
  /** Place in the node's own list. */
  readonly position: number
  readonly state: 'free' | 'busy' | 'inactive'
  /** 0: the node does not have it now (never shown to it); a busy one keeps its instance. */
  readonly listed: Flag
  readonly ip_json: string
  readonly full_ip_json: string
  /** Sorted JSON list; `[]` when ordinary. */
  readonly capabilities_json: string
  /** The classic `timestamp`: moves with everything that must be reprocessed. */
  readonly revision: number
  /** As `revision`, without slave changes. */
  readonly own_revision: number
  /** Slave changes only. */
  readonly slaves_revision: number
  /** Moves with anything a document shows, statuses too. */
  readonly touched: number
  /** Slave deltas older than this need a full answer: their tombstones were collected. */
  readonly slaves_floor: number
  /** Slaves placed here, started or not. */
  readonly slave_count: number
}

export interface InstallationTable {
  readonly id: number
  /** `SOFTINSTALL-n` */
  readonly reference: string
  readonly computer_id: number
  readonly url: string
  readonly state: ReleaseState
  /** 0: the node reported it destroyed. */
  readonly live: Flag
  readonly revision: number
  readonly created_at: number
}

export interface TreeTable {
  readonly id: number
  /** `HOSTSUBS-n` */
  readonly reference: string
  readonly project_id: number
  /** Who asked first; null: the Master itself. */
  readonly person_id: number | null
  readonly title: string
  readonly state: InstanceState
  /** 0 as soon as destruction is asked: the title is free again. */
  readonly live: Flag
  readonly root_id: number
  readonly created_at: number
}

/** Instances and slaves. */
export interface InstanceTable {
  readonly id: number
  /** `SOFTINST-n` */
  readonly reference: string
  readonly tree_id: number
  readonly project_id: number
  /** Its requester; null: the root, or an orphan. */
  readonly parent_id: number | null
  readonly title: string
  readonly shared: Flag
  readonly release_url: string
  readonly software_type: string
  readonly parameters_json: string
  readonly filter_json: string
  readonly connection_json: string
  readonly state: InstanceState
  /** 0: gone, it holds no partition any more. */
  readonly live: Flag
  readonly partition_id: number | null
  /** The revision of its last own change. */
  readonly revision: number
  readonly created_at: number
  /** Why it has no partition, as text lines, and since when. */
  readonly waiting_json: string
  readonly waiting_since: number | null
  /** Since when nobody requests it (its requester was destroyed). */
  readonly orphan_since: number | null
}

/** Slaves on a partition, also those that left: a tombstone tells the node what to remove. */
export interface HostedSlaveTable {
  readonly partition_id: number
  readonly slave_id: number
  readonly revision: number
  /** 1: placed and started, the host serves it. */
  readonly present: Flag
}

export interface AccessStatusTable {
  /** `COMP-n`, `SOFTINST-n`, or `SOFTINSTALL-n`. */
  readonly reference: string
  /** Who reported. */
  readonly reporter: string
  readonly state: string
  /** The line that the classic wire shows. */
  readonly text: string
  /** The whole message of an error, bounded. */
  readonly detail: string
  readonly created_at: number
  /** When the prefix (`#access`, `#error`, `#building`) last changed. */
  readonly since: number
}

export interface ProductTable {
  readonly id: number
  /** Short name, as in `release.json`. */
  readonly reference: string
  /** Null: offered to every project. */
  readonly project_id: number | null
  readonly title: string
  readonly description: string
  readonly created_at: number
}

export interface ReleaseTable {
  readonly id: number
  readonly product_id: number
  readonly url: string
  readonly version: string
  readonly created_at: number
}

/** Fetched descriptions of releases (`release.json` or `software.cfg.json`, with their schemas). */
export interface DescriptionTable {
  readonly url: string
  /** Null: it could not be fetched; `error` says why. */
  readonly description_json: string | null
  /** Its `release.json` requires IPv6: nodes without are refused. */
  readonly needs_ipv6: Flag
  readonly error: string
  readonly fetched_at: number
}

export interface LimitTable {
  readonly scope: 'default' | 'project' | 'computer' | 'person'
  /** `PROJ-n`, `COMP-n`, token id; empty for `default`. */
  readonly reference: string
  readonly name: string
  readonly value: number
}

/** Every committed change, numbered without gap. */
export interface OutboxTable {
  readonly seq: number
  readonly kind: string
  readonly reference: string
  readonly computer: string | null
  readonly project: string | null
  readonly revision: number
  readonly command_json: string | null
  readonly gone: Flag
  readonly at: number
}

/** Who did what to what, when. */
export interface AuditTable {
  readonly id: number
  readonly at: number
  /** `PERS-n`, `COMP-n`, `SOFTINST-n`, or `system`. */
  readonly actor: string
  readonly via: string
  readonly action: string
  readonly target: string
  readonly project: string | null
  readonly detail_json: string
}

/** What was asked for until a change replaced it; the key is the instance and the revision that it had. */
export interface EarlierVersionTable {
  readonly instance_id: number
  readonly revision: number
  readonly replaced_at: number
  /** As `actor` of the audit. */
  readonly replaced_by: string
  readonly release_url: string
  readonly software_type: string
  readonly parameters_json: string
  readonly filter_json: string
}

export interface ConsumptionTable {
  readonly id: number
  readonly computer_id: number
  readonly document: string
  readonly at: number
}

export interface DomainTables {
  counter: CounterTable
  meta: MetaTable
  project: ProjectTable
  person: PersonTable
  membership: MembershipTable
  network: NetworkTable
  computer: ComputerTable
  computer_format: ComputerFormatTable
  computer_share: ComputerShareTable
  partition: PartitionTable
  installation: InstallationTable
  tree: TreeTable
  instance: InstanceTable
  hosted_slave: HostedSlaveTable
  access_status: AccessStatusTable
  product: ProductTable
  release: ReleaseTable
  description: DescriptionTable
  resource_limit: LimitTable
  outbox: OutboxTable
  audit: AuditTable
  earlier_version: EarlierVersionTable
  consumption: ConsumptionTable
}
