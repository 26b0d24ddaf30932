/**
 * The use cases of the Master: the one door through which every surface (slap XML, JSON-RPC, HATEOAS, node extension,
 * panel) reaches the domain. Surfaces translate; they hold no rule. Every method takes the caller first, checks his
 * rights itself (deny unless declared), runs in one transaction, and throws only errors of `../errors.ts`.
 */
import type {
  AccessStatus,
  ComputerDocument,
  DesiredState,
  FormattedComputer,
  InstanceRequest,
  InstanceState,
  NodeCommand,
  PartitionDocument,
  Position,
  ReleaseState,
  RequestedInstance,
  SlaveDelta,
  SlavePublication,
  Telemetry,
  TelemetryAnswer,
  TextDictionary,
} from '@slapos/slap'
import type { Change } from './change.ts'
import type { LimitName, LimitScope } from './limits.ts'
import type { Caller } from './rights/caller.ts'
import type { UseCase } from './rights/rights.ts'
import type {
  AllocationScope,
  AuditView,
  InstanceView,
  PersonView,
  ProductView,
  ReleaseDescription,
  Role,
} from './views.ts'

export type * from './change.ts'
export type { LimitName, LimitScope } from './limits.ts'
export type * from './rights/caller.ts'
export type * from './views.ts'

/** An answer of `request`: never waits. `waiting` says why there is no partition yet. */
export type RequestAnswer =
  | { readonly kind: 'allocated'; readonly instance: RequestedInstance; readonly status: AccessStatus }
  | { readonly kind: 'waiting'; readonly instanceGuid: string; readonly reasons: readonly string[] }
  /** Destroyed, or asked destroyed and never existed. */
  | { readonly kind: 'nothing' }

/** An instance by itself, or by its place. */
export type InstanceLocator = { readonly guid: string } | { readonly computer: string; readonly partition: string }

/** A cached wire document: `body()` is computed once per revision and kept by the surface that encodes it. */
export interface Revisioned<T> {
  readonly position: Position
  readonly value: T
}

/** What a use case of identity is about. */
export type Concerned = { readonly computer: string } | { readonly project: string } | { readonly person: string }

export interface LimitView {
  readonly name: string
  readonly value: number
  readonly exceptions: readonly { readonly reference: string; readonly value: number }[]
}

export interface Cloud {
  readonly epoch: string

  /** Throws unless the caller may: asked before certificates, tokens and accounts are changed in his name. */
  demand(caller: Caller, useCase: UseCase, about: Concerned): Promise<void>

  readonly nodes: {
    /** Creates the computer, or returns the living one of that title in that project. Answers `COMP-n`. */
    create(caller: Caller, input: { title: string; project?: string }): Promise<{ computer: string; created: boolean }>
    /** Partitions, addresses, facts. Identical content changes nothing. */
    format(caller: Caller, computer: FormattedComputer): Promise<void>
    /** Cheap: one in-memory number. Moves when anything in the computer's documents moves. */
    revision(computer: string): number
    document(caller: Caller, computer: string): Promise<Revisioned<ComputerDocument>>
    partition(caller: Caller, computer: string, partition: string): Promise<Revisioned<PartitionDocument>>
    desired(caller: Caller, since: Position | undefined): Promise<DesiredState>
    slaves(caller: Caller, partition: string, since: Position | undefined): Promise<SlaveDelta>
    publishSlaves(caller: Caller, partition: string, publication: SlavePublication): Promise<void>
    /** The node contacted us: `#access COMP-n`. In memory first; written in batches. */
    contacted(computer: string, observedAddress: string): void
    telemetry(caller: Caller, batch: Telemetry): Promise<TelemetryAnswer>
    status(caller: Caller, computer: string): Promise<AccessStatus>
    bang(caller: Caller, computer: string, message: string): Promise<void>
    setAllocationScope(caller: Caller, computer: string, scope: AllocationScope): Promise<void>
    rename(caller: Caller, computer: string, title: string): Promise<void>
    /** Who may place instances on it, beside its own project: nobody else, the named projects, everybody. */
    share(caller: Caller, computer: string, sharing: 'project' | 'everybody' | readonly string[]): Promise<void>
    /** Placement categories (`region`, `group`...) and the most instances that it takes (null: its partitions). */
    setFacts(
      caller: Caller,
      computer: string,
      facts: { readonly categories?: Readonly<Record<string, string>>; readonly capacity?: number | null },
    ): Promise<void>
    /** Refused while instances are on it. */
    remove(caller: Caller, computer: string): Promise<void>
    /** Told to the node now, once; nothing is kept for later. */
    command(caller: Caller, computer: string, command: NodeCommand): Promise<void>
    /** The address from which the node was seen last. */
    observedAddress(computer: string): string | undefined
    /** `[interface, ip]` of every partition of the same tree. */
    treeAddresses(caller: Caller, computer: string, partition: string): Promise<readonly (readonly [string, string])[]>
    consumption(caller: Caller, computer: string, tioxml: string): Promise<void>
  }

  readonly software: {
    supply(caller: Caller, computer: string, url: string, state: ReleaseState): Promise<void>
    report(caller: Caller, computer: string, url: string, state: 'building' | 'available' | 'destroyed'): Promise<void>
    error(caller: Caller, computer: string, url: string, log: string): Promise<void>
    status(caller: Caller, computer: string, url: string): Promise<AccessStatus>
    /** Catalogue: release URLs of a product, newest first; or of the product that holds a release. */
    releases(caller: Caller, by: { product: string } | { release: string }): Promise<readonly string[]>
  }

  readonly instances: {
    request(caller: Caller, request: InstanceRequest): Promise<RequestAnswer>
    report(caller: Caller, at: InstanceLocator, state: InstanceState): Promise<void>
    error(caller: Caller, at: InstanceLocator, message: string, slave?: string): Promise<void>
    bang(caller: Caller, at: InstanceLocator, message: string): Promise<void>
    rename(caller: Caller, at: InstanceLocator, title: string, slave?: string): Promise<void>
    /** Replaces the whole connection dictionary of the instance, or of a slave that it hosts. */
    publish(caller: Caller, at: InstanceLocator, connection: TextDictionary, slave?: string): Promise<void>
    status(caller: Caller, at: InstanceLocator): Promise<AccessStatus>
    /** Read without requesting. */
    get(caller: Caller, guid: string): Promise<InstanceView>
    root(caller: Caller, title: string): Promise<InstanceView>
    listRoots(caller: Caller): Promise<readonly InstanceView[]>
    listOfComputer(caller: Caller, computer: string): Promise<readonly InstanceView[]>
    listSlavesOf(caller: Caller, hostGuid: string): Promise<readonly InstanceView[]>
    /** The whole tree of a root, slaves too, the root first. */
    listOfTree(caller: Caller, rootGuid: string): Promise<readonly InstanceView[]>
  }

  readonly people: {
    create(caller: Caller, input: { name: string; email: string; operator?: boolean }): Promise<string>
    change(caller: Caller, person: string, set: { name?: string; email?: string }): Promise<void>
    /** He may nothing any more and leaves every project. */
    disable(caller: Caller, person: string): Promise<void>
    get(caller: Caller, person: string): Promise<PersonView>
  }

  readonly projects: {
    create(caller: Caller, input: { title: string; owner?: string }): Promise<string>
    rename(caller: Caller, project: string, title: string): Promise<void>
    /** Those that the caller may see, with his role. */
    list(caller: Caller): Promise<readonly { project: string; title: string; role: Role | null }[]>
    members(
      caller: Caller,
      project: string,
    ): Promise<readonly { person: string; name: string; email: string; role: Role }[]>
    setRole(caller: Caller, project: string, person: string, role: Role): Promise<void>
    remove(caller: Caller, project: string, person: string): Promise<void>
  }

  readonly catalogue: {
    /** Fetches the description of a release and lists it under its product. Fetching again replaces the description. */
    add(caller: Caller, url: string, project?: string): Promise<{ product: string; version: string }>
    /** Products that the caller may use, releases newest first. */
    products(caller: Caller): Promise<readonly ProductView[]>
    /** The description of a release, fetched when it is not known; refused with the reason. */
    description(caller: Caller, url: string): Promise<ReleaseDescription>
  }

  readonly networks: {
    create(caller: Caller, input: { title: string; project: string }): Promise<string>
    /** Puts a node into a network of its project; null takes it out. */
    attach(caller: Caller, computer: string, network: string | null): Promise<void>
    list(caller: Caller): Promise<readonly { network: string; title: string; project: string }[]>
  }

  readonly limits: {
    set(caller: Caller, name: LimitName, scope: LimitScope | 'default', reference: string, value: number): Promise<void>
    /** What applies to that project, node or person. */
    get(name: LimitName, scope: LimitScope, reference: string): Promise<number>
    /** Every limit, and for whom it is another one. */
    list(): Promise<readonly LimitView[]>
  }

  readonly audit: {
    /** Newest first. `before`: id of the last entry of the page before. */
    list(
      caller: Caller,
      query: { project?: string; target?: string; before?: number; limit?: number },
    ): Promise<readonly AuditView[]>
  }

  /** Resolves when everything that waits was tried: allocation, collection. Runs by itself on events. */
  reconcile(): Promise<void>
  /** Changes after `since`, oldest first, at most `limit`; undefined: that position is unknown here, refetch. */
  changesSince(since: Position, limit: number): Promise<readonly Change[] | undefined>
  /** The position of the last change. */
  position(): Promise<Position>

  /** After commit, in order: what the event publisher and the caches listen to. Returns the unsubscribe function. */
  onChange(listener: (change: Change) => void): () => void
  close(): Promise<void>
}
