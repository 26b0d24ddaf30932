import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { CompiledQuery } from 'kysely'
import type { Sql } from './schema.ts'

/** Works of one transaction at most: what waits behind them is not kept waiting for long. */
const MOST_TOGETHER = 64
/** The longest wait for company, milliseconds. */
const LONGEST_WAIT = 5

/** How transactions are made; the queue knows no dialect. */
export interface Transactions {
  /** One transaction, tried again when it only lost against another one; throws what the caller is to see. */
  alone<T>(work: (sql: Sql) => Promise<T>): Promise<T>
  /** One transaction, once. */
  once(work: (sql: Sql) => Promise<void>): Promise<void>
  /** After `once` failed in its commit: nothing of it is there. Otherwise nobody knows. */
  surelyUndone(error: unknown): boolean
  /** The transaction itself is lost, not only the statement that failed. */
  ends(error: unknown): boolean
}

interface Job {
  /** Answers what tells the caller, which waits for the commit. */
  run(sql: Sql): Promise<() => void>
  fail(error: unknown): void
}

/**
 * Runs works one after the other; those that wait at the same moment share one transaction, because making it durable
 * costs more than most works do. Each has a savepoint of its own: one that fails undoes itself alone. Nobody is told
 * anything before the commit. When the shared transaction fails, each work runs again by itself.
 */
export class GroupCommit {
  readonly #transactions: Transactions
  #waiting: Job[] = []
  #loop: Promise<void> | undefined
  #onArrival: () => void = () => {}
  /** Sizes of the last two groups, and how long the last one took to be written, milliseconds. */
  #sizes: readonly [number, number] = [1, 1]
  #written = 0

  constructor(transactions: Transactions) {
    this.#transactions = transactions
  }

  run<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    this.#waiting.push({
      run: async (sql) => {
        const value = await work(sql)
        return () => resolve(value)
      },
      fail: reject,
    })
    this.#onArrival()
    this.#loop ??= this.#run()
    return promise
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    while (this.#loop) await this.#loop
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#company()
      const jobs = this.#waiting.splice(0, MOST_TOGETHER)
      this.#sizes = [this.#sizes[1], jobs.length]
      const [only] = jobs
      if (jobs.length === 1 && only) await this.#alone(only)
      else await this.#together(jobs)
    }
    // In the same turn as the last look: no work falls between.
    this.#loop = undefined
  }

  /**
   * Lets the requests that lie in the sockets arrive. Where groups were larger lately, their members are probably on
   * their way: waiting for them half as long as a write takes costs less than a second write.
   */
  async #company(): Promise<void> {
    await nextTurn()
    const expected = Math.min(MOST_TOGETHER, Math.max(...this.#sizes))
    if (this.#waiting.length >= expected) return
    const wait = Math.min(LONGEST_WAIT, this.#written / 2)
    if (wait < 1) return
    const { promise: complete, resolve } = Promise.withResolvers<void>()
    this.#onArrival = () => {
      if (this.#waiting.length >= expected) resolve()
    }
    const timer = new AbortController()
    await Promise.race([complete, sleep(wait, undefined, { signal: timer.signal }).catch(() => {})])
    timer.abort()
    this.#onArrival = () => {}
  }

  async #alone(job: Job): Promise<void> {
    try {
      const tell = await this.#transactions.alone((sql) => job.run(sql))
      tell()
    } catch (error) {
      job.fail(error)
    }
  }

  async #together(jobs: readonly Job[]): Promise<void> {
    const told: (() => void)[] = []
    let complete = false
    let begun = 0
    try {
      await this.#transactions.once(async (sql) => {
        for (const job of jobs) told.push(await this.#within(sql, job))
        complete = true
        begun = performance.now()
      })
      this.#written = performance.now() - begun
    } catch (error) {
      if (complete && !this.#transactions.surelyUndone(error)) {
        for (const job of jobs) job.fail(error)
        return
      }
      for (const job of jobs) await this.#alone(job)
      return
    }
    for (const tell of told) tell()
  }

  /** Throws only when the transaction is lost. */
  async #within(sql: Sql, job: Job): Promise<() => void> {
    await sql.executeQuery(SAVEPOINT)
    try {
      const tell = await job.run(sql)
      await sql.executeQuery(RELEASE)
      return tell
    } catch (error) {
      if (this.#transactions.ends(error)) throw error
      await sql.executeQuery(ROLLBACK)
      await sql.executeQuery(RELEASE)
      return () => job.fail(error)
    }
  }
}

const SAVEPOINT = CompiledQuery.raw('savepoint work')
const RELEASE = CompiledQuery.raw('release savepoint work')
const ROLLBACK = CompiledQuery.raw('rollback to savepoint work')
