import { backoffDelay, type Clock } from '@slapos/base'
import { EventStreamParser, readNodeEvent } from '../codec/event-stream.ts'
import { EXTENSION_PATH, type NodeEvent } from '../extension.ts'
import { MasterError } from './master-error.ts'
import type { Transport } from './transport.ts'

/** What a listener sees: the events, and how the stream stands. After `connected`, fetch: something may have passed. */
export type StreamEvent =
  | NodeEvent
  | { readonly kind: 'connected' }
  | { readonly kind: 'lost'; readonly error: MasterError; readonly retryInMs: number }

export interface EventsOptions {
  readonly signal: AbortSignal
  /** A stream without a byte for so long is dead. Default 40 s: pings come each 15 s. */
  readonly silenceMs?: number
  /** First and longest wait before a new connection. Default 0.5 s and 30 s. */
  readonly backoff?: { readonly first: number; readonly most: number }
}

/** Endless until the signal aborts: connects, reads, and connects again, from the last event it saw. */
export async function* readEvents(
  transport: Transport,
  clock: Clock,
  options: EventsOptions,
): AsyncGenerator<StreamEvent> {
  const { signal, silenceMs = 40_000, backoff = { first: 500, most: 30_000 } } = options
  let lastId: string | undefined
  let failures = 0
  while (!signal.aborted) {
    try {
      for await (const item of readOnce(transport, lastId, silenceMs, signal)) {
        if (item.id !== undefined) lastId = item.id
        failures = 0
        if (item.event) yield item.event
      }
    } catch (error) {
      if (signal.aborted) return
      failures++
      const retryInMs = Math.max(backoffDelay(failures, backoff), retryAfter(error))
      yield { kind: 'lost', error: asMasterError(error, transport.url), retryInMs }
      await clock.sleep(retryInMs, signal).catch(() => {})
    }
  }
}

interface Item {
  readonly id?: string | undefined
  readonly event: StreamEvent | undefined
}

async function* readOnce(
  transport: Transport,
  lastId: string | undefined,
  silenceMs: number,
  signal: AbortSignal,
): AsyncGenerator<Item> {
  const headers = {
    accept: 'text/event-stream',
    'cache-control': 'no-cache',
    ...(lastId !== undefined && { 'last-event-id': lastId }),
  }
  const response = await transport.stream({ method: 'GET', path: `${EXTENSION_PATH}events`, headers }, signal)
  const silence = setTimeout(() => response.destroy(new Error(`silent for ${silenceMs / 1000} s`)), silenceMs)
  try {
    if (!response.headers['content-type']?.startsWith('text/event-stream')) throw new Error('it is not an event stream')
    yield { event: { kind: 'connected' } }
    const parser = new EventStreamParser()
    response.setEncoding('utf8')
    for await (const piece of response) {
      silence.refresh()
      for (const message of parser.push(String(piece))) yield { id: message.id, event: readNodeEvent(message) }
    }
    throw new Error('the stream ended')
  } finally {
    clearTimeout(silence)
    response.destroy()
  }
}

const retryAfter = (error: unknown) => (error instanceof MasterError ? (error.retryAfterMs ?? 0) : 0)

function asMasterError(error: unknown, url: string): MasterError {
  if (error instanceof MasterError) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new MasterError('unreachable', { call: 'events', url, reason }, error)
}
