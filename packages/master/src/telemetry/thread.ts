import { Worker } from 'node:worker_threads'
import type { FromWorker, QuestionName, Questions, Recording, ToWorker } from './messages.ts'

const FLUSH_MS = 500
/** Batches that wait for the thread; more are dropped: telemetry never fills the memory. */
const MOST_WAITING = 20_000

/** The worker thread as the rest of the Master sees it. */
export class TelemetryThread {
  readonly #worker: Worker
  readonly #waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>()
  #queue: Recording[] = []
  #timer: NodeJS.Timeout | undefined
  #asked = 0
  #ended: Error | undefined

  constructor(path: string) {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: path, name: 'telemetry' })
    this.#worker.unref()
    this.#worker.on('message', (message: FromWorker) => {
      const waiting = this.#waiting.get(message.id)
      this.#waiting.delete(message.id)
      if (this.#waiting.size === 0) this.#worker.unref()
      if ('failed' in message) waiting?.reject(new Error(message.failed))
      else waiting?.resolve(message.answer)
    })
    this.#worker.on('error', (error: Error) => this.#end(error))
    this.#worker.on('exit', () => this.#end(new Error('the telemetry thread has ended')))
  }

  record(recording: Recording): void {
    if (this.#ended || this.#queue.length >= MOST_WAITING) return
    this.#queue.push(recording)
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS).unref()
  }

  async ask<K extends QuestionName>(name: K, ask: Questions[K]['ask']): Promise<Questions[K]['answer']> {
    this.#flush() // questions see what was recorded before them
    if (this.#ended) throw this.#ended
    const id = ++this.#asked
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
    this.#worker.ref() // who waits for an answer keeps the process alive
    this.#post({ id, name, ask })
    // The thread answers a question of this name with an answer of this name.
    return (await answer) as Questions[K]['answer']
  }

  async close(): Promise<void> {
    if (this.#ended) return
    await this.ask('close', {})
    await this.#worker.terminate()
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#queue.length === 0) return
    const recordings = this.#queue
    this.#queue = []
    this.#post({ recordings })
  }

  #post(message: ToWorker): void {
    if (!this.#ended) this.#worker.postMessage(message)
  }

  #end(error: Error): void {
    this.#ended ??= error
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}
