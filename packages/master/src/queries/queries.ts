/**
 * Read models: what screens show, read with few queries on the store's read connection and scoped by the projects of
 * who asks. They hold no rule: indicators and reasons are computed by the domain.
 */
import type { Static } from 'typebox'
import type * as S from '../api/panel/schemas/index.ts'
import type { Caller } from '../domain/cloud.ts'

/** Whose eyes: every query names it. */
export interface Scope {
  readonly person: string
  /** The same as the domain knows him, with what his token gives. */
  readonly caller: Caller
  /** Internal ids are not shown: these are `PROJ-n`. */
  readonly projects: readonly string[]
}

export type Page<T> = { items: T[]; next: string | null; total: number }
export type ListQuery = S.ListQuery

export interface Queries {
  home(scope: Scope): Promise<Static<typeof S.Home>>
  search(scope: Scope, text: string): Promise<Static<typeof S.Subject>[]>
  topology(scope: Scope): Promise<Static<typeof S.Topology>>
  /** `ofProjects`: without what he did to himself (log-ins, tokens). */
  audit(
    scope: Scope,
    query: ListQuery & { subject?: string; ofProjects?: boolean },
  ): Promise<Page<Static<typeof S.AuditItem>>>

  /** `shared`: also those of others that his projects may use. */
  servers(scope: Scope, query: ListQuery & { shared?: boolean }): Promise<Page<Static<typeof S.ServerItem>>>
  /** Undefined: it does not exist for this person. */
  server(scope: Scope, computer: string): Promise<Static<typeof S.Server> | undefined>
  partitions(scope: Scope, computer: string): Promise<Static<typeof S.PartitionItem>[]>
  installations(scope: Scope, computer: string): Promise<Static<typeof S.Installation>[]>
  installation(scope: Scope, computer: string, id: string): Promise<Static<typeof S.Installation> | undefined>

  services(
    scope: Scope,
    query: ListQuery & { computer?: string; release?: string },
  ): Promise<Page<Static<typeof S.ServiceItem>>>
  /** By the reference of the service, or of any instance of its tree. */
  service(scope: Scope, reference: string): Promise<Static<typeof S.Service> | undefined>
  /** Newest first; undefined: there is no such service. */
  earlierVersions(scope: Scope, reference: string): Promise<Static<typeof S.EarlierVersion>[] | undefined>
  why(scope: Scope, titleOrReference: string): Promise<Static<typeof S.Why> | undefined>

  products(scope: Scope): Promise<Static<typeof S.Product>[]>
  descriptor(scope: Scope, url: string): Promise<Static<typeof S.Descriptor>>

  /** Of a project, whoever may see it: states of what is in it, the latest turn first. */
  news(project: string): Promise<readonly Static<typeof S.Subject>[]>

  /** An instance of his is in that partition. */
  ownsPartition(scope: Scope, computer: string, partition: string): Promise<boolean>
  residents(scope: Scope, computers: readonly string[]): Promise<Residents>
  /** Where the instances of a service (or everything of a server) run, for telemetry. */
  places(scope: Scope, of: { server: string } | { service: string } | Everything): Promise<readonly Place[] | undefined>
}

/** Names of servers by reference, and of his services by `COMP-n slappartN`. */
export interface Residents {
  readonly titles: ReadonlyMap<string, string>
  readonly services: ReadonlyMap<string, { readonly service: string; readonly title: string }>
}

/** Of every server of his. */
export type Everything = Readonly<Record<string, never>>

export interface Place {
  readonly computer: string
  /** Undefined: all of it. */
  readonly partition: string | undefined
}
