import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { backoffDelay, type Clock, systemClock } from '@slapos/base'
import { cliErrors } from '../errors.ts'

export interface ChildOptions {
  /** As people call it: Master, agent. */
  readonly title: string
  /** Arguments of the `slapos` command. */
  readonly arguments: readonly string[]
  readonly entry: string
  readonly log: string
  readonly environment: Readonly<Record<string, string>>
  /** Told each time it is ready. */
  readonly onReady?: (pid: number) => Promise<void>
  /** Told when it died and is started again. */
  readonly onRestart: (reason: string) => void
  readonly clock?: Clock
}

/**
 * A part of the cloud as a child process: in a session of its own (Ctrl-C reaches only us), tied to us by an IPC
 * channel (when we vanish it ends too), started again when it dies. It says `ready` on the channel.
 */
export class Child {
  readonly #options: ChildOptions
  readonly #clock: Clock
  #process: ChildProcess | undefined
  #stopping = false
  #failures = 0

  constructor(options: ChildOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** Resolves when it says that it is ready; rejects when it ends before. */
  async start(): Promise<void> {
    const { entry, log, environment } = this.#options
    const output = openSync(log, 'a', 0o600)
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', entry, ...this.#options.arguments],
      {
        stdio: ['ignore', output, output, 'ipc'],
        env: { ...environment },
        detached: true,
      },
    )
    closeSync(output)
    this.#process = child
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let ready = false
    child.on('message', (message) => {
      if (message !== 'ready') return
      ready = true
      this.#failures = 0
      Promise.resolve(this.#options.onReady?.(child.pid ?? 0)).then(resolve, reject)
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      const how = signal ? `signal ${signal}` : `exit code ${code}`
      if (ready) void this.#revive(how)
      else void this.#lastWords().then((words) => reject(this.#ended(how, words)))
    })
    await promise
  }

  /** SIGTERM, then SIGKILL after `graceMs`. */
  async stop(graceMs = 10_000): Promise<void> {
    this.#stopping = true
    const child = this.#process
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    const killer = setTimeout(() => child.kill('SIGKILL'), graceMs)
    await ended
    clearTimeout(killer)
  }

  async #revive(how: string): Promise<void> {
    while (!this.#stopping) {
      this.#options.onRestart(how)
      await this.#clock.sleep(backoffDelay(this.#failures++, { first: 200, most: 10_000 }))
      if (this.#stopping) return
      try {
        return await this.start()
      } catch (error) {
        how = error instanceof Error ? error.message : String(error)
      }
    }
  }

  #ended(how: string, words: string) {
    const { title, log } = this.#options
    return cliErrors.CHILD_ENDED({ child: title, how, words, log })
  }

  async #lastWords(): Promise<string> {
    const lines = (await readFile(this.#options.log, 'utf8').catch(() => '')).trim().split('\n')
    return lines.at(-1) || 'none'
  }
}
