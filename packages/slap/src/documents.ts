/**
 * What travels between Master, nodes and clients, as typed values. The XML codecs (`codec/`) turn these into the
 * marshalled documents of slapos.core and back; nothing else in the system knows that encoding.
 */

export type InstanceState = 'started' | 'stopped' | 'destroyed'
export type ReleaseState = 'available' | 'destroyed'

/** `[interface or tap name, address]`, a 2-tuple on the wire. */
export type IpEntry = readonly [name: string, address: string]
/** `[route interface, address, gateway, netmask, network]`, a 5-tuple on the wire. */
export type FullIpEntry = readonly [name: string, address: string, gateway: string, netmask: string, network: string]

/** Instance parameters and connection parameters: text values only, as on the classic wire. `_` holds JSON (json-in-xml). */
export type TextDictionary = Readonly<Record<string, string>>

/** A slave as its host sees it. */
export interface SlaveDocument {
  /** `SOFTINST-n`, or the proxy's own scheme. Opaque. */
  readonly reference: string
  readonly title: string
  readonly softwareType: string
  readonly parameters: TextDictionary
  /** What the host published for it, empty when nothing yet. */
  readonly connection: TextDictionary
  /** Microseconds, opaque: changed means reprocess. */
  readonly timestamp: string
}

/** What occupies a partition. */
export interface OccupantDocument {
  readonly instanceGuid: string
  readonly title: string
  readonly rootTitle: string
  readonly state: InstanceState
  readonly releaseUrl: string
  readonly softwareType: string
  readonly parameters: TextDictionary
  readonly connection: TextDictionary
  /** SLA keys: `retention_delay`, `fw_*` concern the node. */
  readonly filter: TextDictionary
  /** Last reported status, `#access ...`, `#error ...`, `#building ...`; undefined when the Master does not send it. */
  readonly accessStatus: string | undefined
  readonly ipList: readonly IpEntry[]
  readonly fullIpList: readonly FullIpEntry[]
  /** Started slaves that this instance hosts. */
  readonly slaves: readonly SlaveDocument[]
  /** Opaque text. Changed means reprocess. Our Master sends integer microseconds, `slapos proxy` a float. */
  readonly timestamp: string
}

export interface PartitionDocument {
  readonly computerId: string
  readonly partitionId: string
  /** Undefined: the partition is free. */
  readonly occupant: OccupantDocument | undefined
}

export interface InstallationDocument {
  readonly url: string
  readonly state: ReleaseState
}

/** Answer of `getFullComputerInformation`. */
export interface ComputerDocument {
  readonly computerId: string
  readonly partitions: readonly PartitionDocument[]
  readonly installations: readonly InstallationDocument[]
}

/** What `requestComputerPartition` asks for. */
export interface InstanceRequest {
  readonly title: string
  readonly releaseUrl: string
  readonly softwareType: string
  readonly parameters: TextDictionary
  readonly filter: TextDictionary
  readonly state: InstanceState
  readonly shared: boolean
  /** Set when an instance (or its node, in its name) asks: the requester's place. */
  readonly requester?: { readonly computerId: string; readonly partitionId: string }
  /** Project (`PROJ-n`); absent: the Master finds it. */
  readonly project?: string
}

/** Answer of `requestComputerPartition` once the instance has a partition. */
export interface RequestedInstance {
  readonly computerId: string
  readonly partitionId: string
  readonly instanceGuid: string
  readonly title: string
  readonly rootTitle: string
  readonly state: InstanceState
  readonly releaseUrl: string
  readonly softwareType: string
  readonly parameters: TextDictionary
  readonly connection: TextDictionary
  readonly filter: TextDictionary
  readonly ipList: readonly IpEntry[]
  readonly fullIpList: readonly FullIpEntry[]
  readonly timestamp: string
}

/** Access status of a computer, partition or installation (dates are RFC 1123). */
export interface AccessStatus {
  readonly user: string
  readonly created_at: string
  readonly since: string
  readonly state: string
  readonly text: string
  readonly reference: string
  readonly portal_type: string
  readonly no_data?: 1
  readonly no_data_since_15_minutes?: 0 | 1
  readonly no_data_since_5_minutes?: 0 | 1
}

export interface CertificatePair {
  readonly certificate: string
  readonly key: string
}

/** One partition in the dictionary that `node format` posts; the wire names are kept (see reference slap-protocol 6.4). */
export interface FormattedPartition {
  readonly reference: string
  readonly path: string
  readonly user: {
    readonly name: string
    readonly path: string
    readonly shell: string
    readonly additional_group_list: readonly string[]
  }
  readonly address_list: readonly { readonly addr: string; readonly netmask: string }[]
  readonly ipv6_range:
    | { readonly addr: string; readonly netmask: string; readonly network: string; readonly prefixlen: number }
    | Readonly<Record<string, never>>
  readonly tap: TapDocument
  readonly tun: TapDocument | null
  readonly external_storage_list: readonly string[]
  readonly capability_list?: readonly string[]
}

export interface TapDocument {
  readonly name: string
  readonly ipv4_addr: string
  readonly ipv4_netmask: string
  readonly ipv4_gateway: string
  readonly ipv4_network: string
  readonly ipv6_addr: string
  readonly ipv6_netmask: string
  readonly ipv6_gateway: string
  readonly ipv6_network: string
}

export interface FormattedComputer {
  readonly reference: string
  readonly address: string | null
  readonly netmask: string | null
  readonly partition_list: readonly FormattedPartition[]
  readonly instance_root: string
  readonly software_root: string
  readonly software_user: string
  readonly instance_storage_home: string
  readonly interface: {
    readonly name: string
    readonly ipv4_local_network: string
    readonly ipv6_interface: string | null
    readonly ipv6_prefixshift: number
  } | null
  readonly ipv6_interface: string | null
  readonly tap_gateway_interface: string
  readonly tap_ipv6: boolean
  readonly partition_has_ipv6_range: boolean
  /** JSON text of `[platform, distribution id, version, name]`. */
  readonly os_type: string
  readonly public_ipv4_address: string | null
  readonly python_version: string
  readonly slapos_version: string
}
