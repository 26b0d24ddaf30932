interface Waiting {
  readonly partition: string
  start(): void
}

/**
 * Bounds how many checks run at once, in all and for one partition: a partition whose promises hang takes its own
 * places only.
 */
export class CheckPool {
  readonly #total: number
  readonly #perPartition: number
  readonly #running = new Map<string, number>()
  readonly #queue: Waiting[] = []
  #count = 0

  constructor(total: number, perPartition: number) {
    this.#total = total
    this.#perPartition = perPartition
  }

  async run<T>(partition: string, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((resolve) => {
      this.#queue.push({ partition, start: resolve })
      this.#next()
    })
    try {
      return await work()
    } finally {
      this.#count -= 1
      const left = (this.#running.get(partition) ?? 1) - 1
      if (left === 0) this.#running.delete(partition)
      else this.#running.set(partition, left)
      this.#next()
    }
  }

  #next(): void {
    while (this.#count < this.#total) {
      const at = this.#queue.findIndex(({ partition }) => (this.#running.get(partition) ?? 0) < this.#perPartition)
      const [chosen] = at < 0 ? [] : this.#queue.splice(at, 1)
      if (chosen === undefined) return
      this.#count += 1
      this.#running.set(chosen.partition, (this.#running.get(chosen.partition) ?? 0) + 1)
      chosen.start()
    }
  }
}
