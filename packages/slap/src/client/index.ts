import { type Clock, systemClock } from '@slapos/base'
import { type AskingCalls, askingCalls } from './asking.ts'
import { createCaller } from './caller.ts'
import { type EventsOptions, readEvents, type StreamEvent } from './events.ts'
import { type ExtensionCalls, extensionCalls } from './extension-calls.ts'
import { type ReadingCalls, readingCalls } from './reading.ts'
import { type ReportingCalls, reportingCalls } from './reporting.ts'
import { createTransport, type TransportOptions } from './transport.ts'

export * from './asking.ts'
export * from './events.ts'
export * from './extension-calls.ts'
export * from './master-error.ts'
export * from './reading.ts'
export * from './registration.ts'
export * from './reporting.ts'
export * from './transport.ts'

export interface SlapClientOptions extends TransportOptions {
  readonly clock?: Clock
}

/** A Master as its clients see it. Every method fails with a `MasterError` only. */
export interface SlapClient extends ReadingCalls, AskingCalls, ReportingCalls, ExtensionCalls {
  /** With a trailing slash. */
  readonly url: string
  /** The node's event stream, connected again for ever until the signal aborts. */
  events(options: EventsOptions): AsyncGenerator<StreamEvent>
  close(): void
}

export function createSlapClient({ clock = systemClock, ...options }: SlapClientOptions): SlapClient {
  const transport = createTransport(options)
  const caller = createCaller(transport)
  return {
    url: transport.url,
    ...readingCalls(caller),
    ...askingCalls(caller),
    ...reportingCalls(caller),
    ...extensionCalls(caller),
    events: (eventsOptions) => readEvents(transport, clock, eventsOptions),
    close: () => transport.close(),
  }
}
