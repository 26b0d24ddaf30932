import type { Clock, Logger } from '@slapos/base'
import type { WebCertificateFiles } from './web-certificate.ts'

export interface ListenAt {
  /** Address, or a name of this machine. `0.0.0.0` and `::` mean all of them. */
  readonly host: string
  /** 0: any free one. */
  readonly port: number
}

export interface MasterOptions {
  /** Database, keys, telemetry. Made with mode 0700. */
  readonly dataDirectory: string
  /** HTTPS with client certificates: nodes, instances, clients. */
  readonly api: ListenAt
  /** Panel and registration. Without TLS only on loopback. */
  readonly web: ListenAt & { readonly tls: boolean }
  /** Shown on the web side in place of one of the Master's own authority. The API keeps its own: nodes trust no other. */
  readonly webCertificate?: WebCertificateFiles
  /** Addresses or networks of proxies before the web side: only they are believed from where a request comes. */
  readonly trustedProxies?: readonly string[]
  /** How others reach the listeners, when that differs from where they listen (NAT, proxies, names). */
  readonly publicUrls?: { readonly api?: string; readonly web?: string }
  /** Default: `state.db` in the data directory. */
  readonly database?: string
  /** Directories from which releases may be taken by path (local mode). */
  readonly allowedReleaseRoots?: readonly string[]
  /** Also release descriptions from plain http and private addresses, and web hooks to private addresses. */
  readonly allowPrivateReleases?: boolean
  /** Fetches release descriptions in place of what the two above allow. */
  readonly fetchRelease?: import('../catalog/fetch.ts').Fetcher
  /** Sends e-mail of notifications: `smtp://user:password@host:port`, and from whom. */
  readonly mail?: { readonly smtp: string; readonly from: string }
  /** Built panel. Default: packages/panel/dist. */
  readonly panelDirectory?: string
  /** Folder that `scripts/bundle` filled: the Master then serves the single-line installer. */
  readonly bundleDirectory?: string
  /** Adds routes to the web side before it listens: `/install/*`. */
  readonly install?: (app: import('fastify').FastifyInstance) => Promise<void>
  /** The one line that installs a node, shown in the panel. */
  readonly joinCommand?: (input: JoinInput) => string
  readonly logger: Logger
  readonly clock?: Clock
}

export interface JoinInput {
  readonly token: string
  readonly title: string
  readonly apiUrl: string
  readonly webUrl: string
}

/** A running Master. */
export interface Master {
  /** With a trailing slash, as both URLs. */
  readonly apiUrl: string
  readonly webUrl: string
  /** The panel's page. */
  readonly panelUrl: string
  /** Root certificate, PEM file: what peers trust. */
  readonly caPath: string
  readonly parts: MasterParts
  /** Ends streams, answers what was asked, writes what is pending. */
  close(): Promise<void>
}

/** For set-up and for commands that run inside the Master's process. */
export interface MasterParts {
  readonly store: import('../store/index.ts').Store
  readonly cloud: import('../domain/cloud.ts').Cloud
  readonly identity: import('../identity/index.ts').OpenedIdentity
  readonly telemetry: import('../telemetry/index.ts').TelemetryService
  readonly events: import('../events/index.ts').EventHub
}
