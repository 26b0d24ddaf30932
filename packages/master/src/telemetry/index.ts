export { openTelemetry, type TelemetryOptions } from './open.ts'
export * from './telemetry.ts'
