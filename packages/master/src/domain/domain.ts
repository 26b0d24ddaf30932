import type { Clock, Logger } from '@slapos/base'
import type { Store } from '../store/index.ts'
import type { Contacts } from './node/contact.ts'
import type { TelemetryPort } from './telemetry-port.ts'
import type { Publisher } from './unit/publisher.ts'
import type { Runner } from './unit/runner.ts'

/** What the use cases share. */
export interface Domain {
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly runner: Runner
  readonly publisher: Publisher
  readonly contacts: Contacts
  readonly telemetry: TelemetryPort | undefined
  /** Of this history; another one begins when a backup is restored. */
  epoch(): string
}
