/**
 * One event stream for all tabs of a browser. The tab that holds the lock reads the stream and passes hints on through
 * a broadcast channel; when it closes, the lock goes to another. Without locks (plain HTTP to a far host) each tab has
 * a stream of its own.
 */
export interface Hint {
  readonly kind: string
  readonly reference: string
  /** The services that it is about; absent: these cannot be told. */
  readonly services?: readonly string[]
}

/** `ended`: nobody is logged in any more. */
export type LinkState = 'connecting' | 'live' | 'lost' | 'ended'

interface Message {
  readonly hint?: Hint
  readonly state?: LinkState
  readonly ask?: true
}

export interface StreamListener {
  hint(hint: Hint): void
  state(state: LinkState): void
}

/** A stream that is silent for so long is dead (the Master pings every 15 s). */
const SILENCE = 40_000

export function openStream(url: string, listener: StreamListener): () => void {
  const stop = new AbortController()
  const channel = new BroadcastChannel('slapos-events')
  let leading = false
  let state: LinkState = 'connecting'

  const deliver = (message: Message) => {
    if (message.state) {
      state = message.state
      listener.state(state)
    }
    if (message.hint) listener.hint(message.hint)
  }
  const publish = (message: Message) => {
    deliver(message)
    channel.postMessage(message)
  }
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.ask) {
      if (leading) channel.postMessage({ state })
    } else deliver(data)
  }
  const lead = () => {
    leading = true
    return read(url, publish, stop.signal)
  }
  if ('locks' in navigator) {
    navigator.locks.request('slapos-events', { signal: stop.signal }, lead).catch(() => {})
    channel.postMessage({ ask: true })
  } else void lead()

  return () => {
    stop.abort()
    channel.close()
  }
}

/** Reads until told to stop, reconnecting with growing pauses. */
async function read(url: string, publish: (message: Message) => void, signal: AbortSignal): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    const ended = await once(url, signal, {
      open() {
        // What happened while there was no stream is unknown, at first as after a cut: what is shown is read again.
        publish({ hint: { kind: 'reset', reference: '' } })
        failures = 0
        publish({ state: 'live' })
      },
      event: (kind, data) => publish({ hint: toHint(kind, data) }),
    })
    if (signal.aborted) return
    if (ended) return publish({ state: 'ended' })
    failures += 1
    publish({ state: 'lost' })
    await pause(Math.min(10_000, 500 * 2 ** (failures - 1)) * (0.5 + Math.random() / 2), signal)
  }
}

/** One connection; resolves when it ends, however it ends: with true when there is no session to connect with. */
async function once(
  url: string,
  signal: AbortSignal,
  on: { open(): void; event(kind: string, data: string): void },
): Promise<boolean> {
  const silence = new AbortController()
  let timer: number | undefined
  const heard = () => {
    clearTimeout(timer)
    timer = window.setTimeout(() => silence.abort(), SILENCE)
  }
  try {
    heard()
    const response = await fetch(url, {
      headers: { accept: 'text/event-stream' },
      signal: AbortSignal.any([signal, silence.signal]),
    })
    if (!response.ok || !response.body) return response.status === 401
    on.open()
    let buffer = ''
    const text = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { value, done } = await text.read()
      if (done) return false
      heard()
      buffer += value
      const blocks = buffer.split('\n\n')
      buffer = blocks.pop() ?? ''
      for (const block of blocks) parseBlock(block, on.event)
    }
  } catch {
    // A cut connection and a silent one end alike: the caller connects again.
    return false
  } finally {
    clearTimeout(timer)
  }
}

export function parseBlock(block: string, event: (kind: string, data: string) => void): void {
  const field = (name: string) =>
    block
      .split('\n')
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).trimStart())
      .join('\n')
  const kind = field('event')
  if (kind !== '') event(kind, field('data'))
}

export function toHint(kind: string, data: string): Hint {
  try {
    const fields: unknown = JSON.parse(data)
    if (typeof fields === 'object' && fields !== null && 'reference' in fields) {
      const named = 'kind' in fields && typeof fields.kind === 'string' ? fields.kind : kind
      const services = 'services' in fields && Array.isArray(fields.services) ? fields.services.map(String) : undefined
      return { kind: named, reference: String(fields.reference), ...(services && { services }) }
    }
  } catch {
    // A hint without readable data still says that its kind changed.
  }
  return { kind, reference: '' }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    const ended = () => {
      clearTimeout(timer)
      resolve()
    }
    signal.addEventListener('abort', ended, { once: true })
  })
}
