import { type ChildProcess, spawn } from 'node:child_process'
import type { PlannedForward } from '@slapos/release'
import type { HostLog } from './host.ts'

/**
 * Port forwarding without root: one socat per port, diffed, so that a forward that did not change keeps its
 * connections. They are the agent's children and come back with it; services do not need them to live.
 */
export class LocalForwards {
  readonly #running = new Map<string, { readonly partition: string; readonly child: ChildProcess }>()
  readonly #log: HostLog

  constructor(log: HostLog) {
    this.#log = log
  }

  apply(partition: string, forwards: readonly PlannedForward[]): void {
    const wanted = new Map(forwards.map((forward) => [socatArguments(forward).join(' '), socatArguments(forward)]))
    for (const [key, { partition: owner, child }] of this.#running) {
      if (owner !== partition || wanted.has(key)) continue
      this.#running.delete(key)
      child.kill('SIGTERM')
    }
    for (const [key, command] of wanted) if (!this.#running.has(key)) this.#start(partition, key, command)
  }

  close(): void {
    for (const { child } of this.#running.values()) child.kill('SIGTERM')
    this.#running.clear()
  }

  #start(partition: string, key: string, command: readonly string[]): void {
    const child = spawn('socat', command, { stdio: 'ignore', env: { PATH: process.env.PATH ?? '/usr/bin:/bin' } })
    const gone = (reason: string) => {
      if (this.#running.get(key)?.child !== child) return
      this.#running.delete(key)
      this.#log(`the forward of ${partition} ended (${reason}): socat ${key}`)
    }
    child.once('error', (error) => gone(error.message))
    child.once('exit', (code, signal) => gone(signal ?? `exit ${code}`))
    this.#running.set(key, { partition, child })
  }
}

/** The command line of a forward, in the tutorial's form. */
export function socatArguments(forward: PlannedForward): readonly string[] {
  const protocol = forward.protocol === 'tcp' ? 'TCP' : 'UDP'
  const bind = forward.listenAddress ? `,bind=${forward.listenAddress}` : ''
  const family = forward.targetAddress.includes(':') ? '6' : '4'
  const address = family === '6' ? `[${forward.targetAddress}]` : forward.targetAddress
  return [
    `${protocol}4-LISTEN:${forward.listenPort}${bind},reuseaddr,fork`,
    `${protocol}${family}:${address}:${forward.targetPort}`,
  ]
}
