import type { Telemetry, TelemetryAnswer } from '@slapos/slap'

/** Where batches of nodes go: the telemetry database, which may be lost without harm. */
export interface TelemetryPort {
  ingest(computer: string, batch: Telemetry): Promise<TelemetryAnswer>
}
