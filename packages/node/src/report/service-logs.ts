import type { Supervisor } from '../supervise/supervisor.ts'

/** How much of the past a reader is shown. */
const TAIL_BYTES = 16 * 1024
const PREFIX = 'service/'

/** What services write, while somebody reads it: the end of the log, then each line as it comes. */
type Logs = Pick<Supervisor, 'tail' | 'follow' | 'lastWords'>

export class ServiceLogs {
  readonly #supervisor: Logs
  readonly #emit: (source: string, lines: readonly string[], urgent: boolean) => void
  readonly #running = new Map<string, AbortController>()
  /** The last line that was told of a source: a reader who comes back is told what came since. */
  readonly #last = new Map<string, string>()

  constructor(supervisor: Logs, emit: (source: string, lines: readonly string[], urgent: boolean) => void) {
    this.#supervisor = supervisor
    this.#emit = emit
  }

  /** Exactly these sources are read from now on; others than `service/PARTITION/NAME` are none of ours. */
  follow(sources: readonly string[]): void {
    const wanted = new Set(sources.filter((source) => source.startsWith(PREFIX)))
    for (const [source, stop] of this.#running) if (!wanted.has(source)) stop.abort()
    for (const source of wanted) if (!this.#running.has(source)) void this.#read(source)
  }

  /** The end of a service that nobody asked for: its last lines are told at once, whether somebody reads or not. */
  async failed(partition: string, name: string, pid: number | undefined): Promise<void> {
    const source = `${PREFIX}${partition}/${name}`
    if (this.#running.has(source)) return // whoever reads it sees that already
    const words = await this.#supervisor.lastWords(`${partition}:${name}`, pid).catch(() => '')
    const lines = since(words.split('\n'), this.#last.get(source))
    if (words !== '') this.#tell(source, lines, true)
  }

  close(): void {
    for (const stop of this.#running.values()) stop.abort()
  }

  async #read(source: string): Promise<void> {
    const stop = new AbortController()
    this.#running.set(source, stop)
    const selector = source.slice(PREFIX.length).replace('/', ':')
    try {
      const [past, rest] = split(await this.#supervisor.tail(selector, { bytes: TAIL_BYTES }))
      this.#tell(source, since(past, this.#last.get(source)))
      let partial = rest
      for await (const text of this.#supervisor.follow(selector, stop.signal)) {
        const [lines, open] = split(partial + text)
        partial = open
        this.#tell(source, lines)
      }
    } catch {
      // It was removed, or never was: there is nothing to tell. Asked again, it is tried again.
    } finally {
      if (this.#running.get(source) === stop) this.#running.delete(source)
    }
  }

  #tell(source: string, lines: readonly string[], urgent = false): void {
    const last = lines.at(-1)
    if (last === undefined) return
    this.#last.set(source, last)
    this.#emit(source, lines, urgent)
  }
}

/** Whole lines, and what began of the next. */
function split(text: string): readonly [lines: readonly string[], rest: string] {
  const lines = text.split('\n')
  const rest = lines.pop() ?? ''
  return [lines, rest]
}

/** Lines after the known one; logs carry the time, so that no two lines are equal. */
function since(lines: readonly string[], known: string | undefined): readonly string[] {
  return known === undefined ? lines : lines.slice(lines.lastIndexOf(known) + 1)
}
