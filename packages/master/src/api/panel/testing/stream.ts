/** A reader of the panel's event stream, as a program that is no browser reads it. */
export interface TestStream {
  /** Resolves when the Master ended it. */
  readonly ended: Promise<void>
  isOpen(): boolean
  /** All that came. */
  text(): string
  /** Resolves when this was heard, before or from now on. */
  hint(kind: string, reference: string): Promise<void>
  close(): void
}

export async function openStream(url: string, headers: Readonly<Record<string, string>>): Promise<TestStream> {
  const stop = new AbortController()
  const answer = await fetch(url, { headers: { ...headers, accept: 'text/event-stream' }, signal: stop.signal })
  if (answer.status !== 200 || answer.body === null) throw new Error(`${answer.status} ${await answer.text()}`)
  let heard = ''
  let open = true
  const waiting = new Set<() => void>()
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  const ended = (async () => {
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        heard += part.value
        for (const look of waiting) look()
      }
    } catch (error) {
      if (!stop.signal.aborted) throw error
    } finally {
      open = false
    }
  })()
  return {
    ended,
    isOpen: () => open,
    text: () => heard,
    hint(kind, reference) {
      const line = `event: ${kind}\ndata: {"kind":"${kind}","reference":"${reference}"`
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const look = () => {
        if (!heard.includes(line)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
      ended.then(() => reject(new Error(`the stream ended before ${kind} ${reference}`)), reject)
      return promise
    },
    close: () => stop.abort(),
  }
}
