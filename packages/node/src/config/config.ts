import type { NodePaths } from '../host/host.ts'
import type { PartitionLimits } from '../supervise/limits.ts'

/** slapos.cfg, typed and with defaults. Units are in the names. */
export interface NodeConfig {
  readonly path: string
  /** `local`: everything under one directory, no root needed. Absent in classic files, which mean `system`. */
  readonly mode: 'local' | 'system'
  readonly computerId: string
  /** With a final slash. */
  readonly masterUrl: string
  readonly keyFile: string | undefined
  readonly certFile: string | undefined
  /** The Master's authority: given, its certificate is verified against exactly it. */
  readonly caFile: string | undefined
  readonly certificateRepository: string | undefined
  readonly rootCheck: boolean
  /** Seconds after which an unchanged partition is processed all the same; undefined: never. */
  readonly maximumPeriodicitySeconds: number | undefined
  /** For a promise whose release says nothing else. */
  readonly promiseTimeoutSeconds: number
  /** For one evaluation of instance.ts. */
  readonly partitionTimeoutSeconds: number
  readonly softwareMinFreeBytes: number
  /** Below this an instance is not evaluated; what runs goes on running. */
  readonly instanceMinFreeBytes: number
  /** Passes over different partitions that may run at the same time. */
  readonly parallelPartitions: number
  /** What every partition may use at most, whatever its release asks for. */
  readonly partitionLimits: PartitionLimits
  readonly paths: NodePaths
  readonly format: FormatConfig
  /** Options that are not known, or have no effect here: one sentence each, for whoever set them. */
  readonly warnings: readonly string[]
}

export interface FormatConfig {
  readonly partitionAmount: number
  readonly partitionBaseName: string
  readonly userBaseName: string
  readonly softwareUser: string
  readonly tapBaseName: string
  readonly interfaceName: string
  readonly ipv6Interface: string | undefined
  readonly ipv6PrefixShift: number
  readonly partitionHasIpv6Range: boolean
  readonly ipv4LocalNetwork: string
  readonly tapIpv6: boolean
  readonly tapGatewayInterface: string
  readonly alterUser: boolean
  readonly alterNetwork: boolean
  readonly instanceStorageHome: string
  readonly logFile: string
}
