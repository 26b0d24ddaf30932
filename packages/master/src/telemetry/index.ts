export { openTelemetry, type TelemetryOptions } from './open.ts'
export { measuredSpans, type Span, spansOf, stripOf } from './strip.ts'
export * from './telemetry.ts'
