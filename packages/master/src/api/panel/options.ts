import type { Clock, Logger } from '@slapos/base'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller, Cloud } from '../../domain/cloud.ts'
import type { Identity } from '../../identity/index.ts'
import type { Queries } from '../../queries/queries.ts'
import type { IdempotencyStore } from './idempotency-store.ts'
import type { Notifications } from './notifications.ts'
import type { PeopleDirectory } from './people-directory.ts'
import type { TelemetryReader } from './telemetry-reader.ts'

/** What the panel API needs from the rest of the Master. */
export interface PanelOptions {
  readonly cloud: Cloud
  readonly identity: Identity
  readonly queries: Queries
  readonly telemetry: TelemetryReader
  readonly people: PeopleDirectory
  readonly notifications: Notifications
  readonly idempotency: IdempotencyStore
  readonly clock: Clock
  readonly logger: Logger
  readonly version: string
  readonly masterUrl: () => string
  readonly webUrl: () => string
  /** The one line that installs a node, with its trust inside; the token comes from `token`. */
  readonly joinCommand: (input: { token: string; title: string }) => string
  /** Server-sent events for a person; `packages/master/src/events` provides it. */
  readonly events: (
    request: FastifyRequest,
    reply: FastifyReply,
    caller: Caller,
    valid: () => Promise<boolean>,
  ) => Promise<void>
  /** Listener with client certificates: who the request's certificate is. Undefined on the web listener. */
  readonly certificateCaller?: (request: FastifyRequest) => Caller | undefined
  /** True: cookies are marked Secure (everything but plain HTTP on loopback). */
  readonly secureCookies: boolean
}
