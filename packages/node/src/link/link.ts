import type {
  DesiredState,
  FormattedComputer,
  InstanceRequest,
  InstanceState,
  Position,
  SlaveDelta,
  SlavePublication,
  StreamEvent,
  Telemetry,
  TelemetryAnswer,
  TextDictionary,
} from '@slapos/slap'
import type { Outcome } from './outcome.ts'

/** The Master as the agent sees it, whichever protocol it speaks. No method throws for what a Master may do. */
export interface MasterLink {
  readonly kind: 'classic' | 'extension'
  readonly url: string
  /** Everything (`full`) or what changed since; undefined when nothing did. */
  desired(since: Position | undefined): Promise<Outcome<DesiredState | undefined>>
  /** Slaves of an instance that changed since; a full list when there is a gap. */
  slaves(partition: string, since: Position | undefined): Promise<Outcome<SlaveDelta>>
  /** Hints that something changed, for as long as the Master sends them; undefined when it never does. */
  events(signal: AbortSignal): AsyncIterable<StreamEvent> | undefined
  /** Undefined: the Master takes none. */
  telemetry(batch: Telemetry): Promise<Outcome<TelemetryAnswer | undefined>>

  format(computer: FormattedComputer): Promise<Outcome<void>>
  software(url: string, event: 'building' | 'available' | 'destroyed'): Promise<Outcome<void>>
  softwareError(url: string, log: string): Promise<Outcome<void>>
  /** Never waits: a child without partition is `waiting`. */
  request(partition: string, request: Omit<InstanceRequest, 'requester'>): Promise<Outcome<ChildAnswer>>
  publish(partition: string, connection: TextDictionary): Promise<Outcome<void>>
  publishSlaves(partition: string, publication: Omit<SlavePublication, 'format'>): Promise<Outcome<void>>
  report(partition: string, state: InstanceState): Promise<Outcome<void>>
  error(partition: string, message: string): Promise<Outcome<void>>
  bangInstance(partition: string, message: string): Promise<Outcome<void>>
  bang(message: string): Promise<Outcome<void>>
  /** Usage report (TioXML). */
  consumption(tioxml: string): Promise<Outcome<void>>
  /** Absent: the Master renews no certificates. */
  renewCertificate?(csr: string): Promise<Outcome<{ readonly certificate: string; readonly ca: string }>>
  /** Ends the relation for good; answers how many instances are still requested here. Absent: the Master cannot be told. */
  leave?(): Promise<Outcome<{ readonly instances: number }>>
  close(): void
}

export type ChildAnswer =
  | { readonly kind: 'allocated'; readonly connection: TextDictionary }
  | { readonly kind: 'waiting' }
