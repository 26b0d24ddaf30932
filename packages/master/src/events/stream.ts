import type { Clock } from '@slapos/base'

/** Every so often a comment travels, so that both ends and every proxy between know that the stream lives. */
const PING_MS = 15_000
/** Hints that wait for a slow reader; one more, and he is told to fetch everything instead. */
const MOST_WAITING = 256
/** A reader that takes nothing for so long is gone. */
const STALLED_MS = 40_000

/** As much of an answer as a stream needs: HTTP/1 and HTTP/2 answers both have it. */
export interface Output {
  write(text: string): boolean
  end(): unknown
  destroy(): unknown
  on(event: 'drain' | 'close' | 'error', listener: () => void): unknown
}

/** A message of the stream. */
export interface Item {
  /** A later item with the same key takes the place of an earlier one that still waits. */
  readonly key: string
  /** Absent for what is not in the outbox: the reader's position then stays. */
  readonly id?: string
  readonly event: string
  readonly data: unknown
}

/**
 * One reader of server-sent events. Its memory is bounded: while the reader is slow, hints about one object become
 * one, and when too many different ones wait they all become one `reset`.
 */
export class EventStream {
  readonly #output: Output
  readonly #clock: Clock
  readonly #resetId: () => string
  readonly #timer: NodeJS.Timeout
  readonly #waiting = new Map<string, Item>()
  #scheduled = false
  #blockedSince: number | undefined
  #closed = false

  /** @param resetId the position to go on from after a `reset`. */
  constructor(output: Output, clock: Clock, resetId: () => string) {
    this.#output = output
    this.#clock = clock
    this.#resetId = resetId
    output.on('drain', () => {
      this.#blockedSince = undefined
      this.#flush()
    })
    output.on('close', () => this.#stop())
    output.on('error', () => this.#stop())
    this.#timer = setInterval(() => this.#ping(), PING_MS).unref()
    this.#write(': hello\n\n') // headers travel with the first bytes
  }

  get closed(): boolean {
    return this.#closed
  }

  send(item: Item): void {
    if (this.#closed) return
    this.#waiting.delete(item.key)
    this.#waiting.set(item.key, item)
    if (this.#waiting.size > MOST_WAITING) this.reset()
    if (!this.#scheduled) {
      this.#scheduled = true
      // What one transaction tells comes in one turn: it leaves in one write, each object once.
      setImmediate(() => {
        this.#scheduled = false
        this.#flush()
      })
    }
  }

  /** The reader's position is of no use: he fetches everything. */
  reset(): void {
    this.#waiting.clear()
    this.send({ key: 'reset', id: this.#resetId(), event: 'reset', data: {} })
  }

  close(): void {
    if (this.#closed) return
    this.#stop()
    this.#output.end()
  }

  #flush(): void {
    if (this.#closed || this.#blockedSince !== undefined || this.#waiting.size === 0) return
    const text = [...this.#waiting.values()].map(encode).join('')
    this.#waiting.clear()
    this.#write(text)
  }

  #ping(): void {
    if (this.#blockedSince === undefined) {
      this.#write(': ping\n\n')
      return
    }
    if (this.#clock.monotonic() - this.#blockedSince < STALLED_MS) return
    this.#stop()
    this.#output.destroy()
  }

  #write(text: string): void {
    if (!this.#closed && !this.#output.write(text)) this.#blockedSince ??= this.#clock.monotonic()
  }

  #stop(): void {
    this.#closed = true
    this.#waiting.clear()
    clearInterval(this.#timer)
  }
}

function encode({ id, event, data }: Item): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
