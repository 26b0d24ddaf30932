/** What the use cases answer: plain frozen data, references instead of row ids. */
import type { AccessStatus, InstanceState, TextDictionary } from '@slapos/slap'

export type Role = 'owner' | 'manager' | 'member'

export interface PersonView {
  readonly person: string
  readonly name: string
  readonly email: string
  readonly operator: boolean
}

export interface ProductView {
  /** Short name. */
  readonly product: string
  readonly title: string
  readonly description: string
  readonly releases: readonly { readonly url: string; readonly version: string }[]
}

/** What is known of a release without building it. */
export interface ReleaseDescription {
  readonly url: string
  readonly name: string
  readonly version: string
  readonly title: string
  readonly description: string
  readonly serialisation: 'json-in-xml' | 'xml'
  /** It cannot live on a node without IPv6. */
  readonly needsIpv6: boolean
  /** Form id to software type, in the order in which people should see them. */
  readonly types: readonly ReleaseType[]
  /** Wall clock, milliseconds. */
  readonly fetchedAt: number
}

export interface ReleaseType {
  readonly id: string
  readonly softwareType: string
  readonly title: string
  readonly description: string
  readonly shared: boolean
  readonly serialisation: 'json-in-xml' | 'xml'
  /** JSON schemas, each complete in itself; null: the release does not describe it, or it could not be had. */
  readonly request: unknown
  readonly response: unknown
  /** Why a schema could not be had. */
  readonly problem: string | null
}

export interface AuditView {
  readonly id: number
  readonly at: number
  readonly actor: string
  readonly via: string
  readonly action: string
  readonly target: string
  readonly project: string | null
  readonly detail: Readonly<Record<string, unknown>>
}

export type AllocationScope = 'open' | 'close/maintenance' | 'close/termination' | 'close/forever'

export interface InstanceView {
  readonly guid: string
  readonly title: string
  readonly rootTitle: string
  readonly rootGuid: string
  readonly project: string
  readonly releaseUrl: string
  readonly softwareType: string
  readonly shared: boolean
  readonly state: InstanceState
  readonly parameters: TextDictionary
  readonly filter: TextDictionary
  readonly connection: TextDictionary
  readonly computer: string | null
  readonly partition: string | null
  readonly revision: number
  readonly status: AccessStatus
  /** Why it waits, when it has no partition. */
  readonly waiting: readonly string[]
  /** Since when it waits, milliseconds. */
  readonly waitingSince: number | null
}
