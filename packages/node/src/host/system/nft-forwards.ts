/**
 * Port forwarding by the kernel. Each partition has a table of its own, replaced at once and only when it differs: open
 * connections live on, also when the agent ends.
 */
import { isIPv4 } from 'node:net'
import { messageOf } from '@slapos/base'
import type { PlannedForward } from '@slapos/release'
import type { HostLog } from '../host.ts'
import { run } from './programs.ts'

export interface NftOptions {
  /** The command, with what must come before it. */
  readonly nft: readonly string[]
  /** Addresses of partitions: what is sent to them stays theirs. */
  readonly ipv4Network: string
  readonly log: HostLog
}

export class NftForwards {
  readonly #options: NftOptions
  readonly #applied = new Map<string, readonly PlannedForward[]>()
  #available: Promise<boolean> | undefined

  constructor(options: NftOptions) {
    this.#options = options
  }

  /** Whether the kernel can do that one: it translates addresses, not from one family to the other. */
  async takes(forward: PlannedForward): Promise<boolean> {
    const { listenAddress: listen, targetAddress } = forward
    if (!isIPv4(targetAddress) || (listen !== undefined && !isIPv4(listen))) return false
    return this.#works()
  }

  async apply(partition: string, forwards: readonly PlannedForward[]): Promise<void> {
    const others = [...this.#applied].filter(([name]) => name !== partition).flatMap(([, list]) => list)
    const free = forwards.filter((forward) => !others.some((other) => collide(forward, other)))
    for (const { listenPort } of forwards.filter((forward) => !free.includes(forward))) {
      this.#options.log(`port ${listenPort} of ${partition} is not forwarded: another partition has it`)
    }
    const before = this.#applied.get(partition)
    if (before && JSON.stringify(before) === JSON.stringify(free)) return
    // Nothing to remove where there never was a rule: machines without nftables come here too.
    if (free.length === 0 && before === undefined && !(await this.#works())) return
    await run([...this.#options.nft, tableText(partition, free, this.#options.ipv4Network)])
    if (free.length === 0) this.#applied.delete(partition)
    else this.#applied.set(partition, free)
  }

  #works(): Promise<boolean> {
    const { nft, log } = this.#options
    this.#available ??= run([...nft, 'list tables']).then(
      () => true,
      (error) => {
        log(`ports are forwarded by socat: ${messageOf(error)}`)
        return false
      },
    )
    return this.#available
  }
}

/** The commands that make a partition's table what it must be; one transaction. Pure. */
export function tableText(partition: string, forwards: readonly PlannedForward[], partitions: string): string {
  const table = `ip slapos_forward_${partition.replaceAll(/\W/g, '_')}`
  const rules = forwards.map((forward) => {
    const { protocol, listenAddress, listenPort, targetAddress, targetPort } = forward
    const to = listenAddress ? `ip daddr ${listenAddress}` : `fib daddr type local ip daddr != ${partitions}`
    return `${to} ${protocol} dport ${listenPort} dnat to ${targetAddress}:${targetPort}`
  })
  const chain = (name: string, hook: string) =>
    `chain ${name} { type nat hook ${hook} priority -100; ${rules.map((rule) => `${rule};`).join(' ')} }`
  // Added first, because what is not there cannot be deleted.
  const gone = `add table ${table}; delete table ${table}`
  if (forwards.length === 0) return gone
  return `${gone}; table ${table} { ${chain('arriving', 'prerouting')}; ${chain('local', 'output')}; }`
}

const collide = (a: PlannedForward, b: PlannedForward): boolean =>
  a.protocol === b.protocol &&
  a.listenPort === b.listenPort &&
  (a.listenAddress === undefined || b.listenAddress === undefined || a.listenAddress === b.listenAddress)
