import { type Clock, Mutex, messageOf } from '@slapos/base'
import { nodeErrors } from '../../errors.ts'
import type { HostAddress } from './host-address.ts'
import { run } from './programs.ts'

export interface InterfaceAddress extends HostAddress {
  readonly interface: string
  readonly scope: string
  readonly tentative: boolean
  /** Somebody else on the link has it. */
  readonly duplicate: boolean
}

/** The machine's addresses, through iproute2. `ip` may carry `-n NAMESPACE`. */
export class Addresses {
  readonly #ip: readonly string[]
  readonly #clock: Clock
  readonly #turn = new Mutex()
  #next: Promise<readonly InterfaceAddress[]> | undefined

  constructor(ip: readonly string[], clock: Clock) {
    this.#ip = ip
    this.#clock = clock
  }

  /** Callers that come while one listing runs share the next: many addresses are waited for at one time. */
  list(): Promise<readonly InterfaceAddress[]> {
    const next = this.#next ?? this.#turn.run(() => this.#list())
    this.#next = next
    return next
  }

  async #list(): Promise<readonly InterfaceAddress[]> {
    this.#next = undefined
    const links: unknown = JSON.parse(await run([...this.#ip, '-j', 'address', 'show']))
    if (!Array.isArray(links)) return []
    return links.filter(isLink).flatMap(({ ifname, addr_info }) =>
      addr_info.filter(isInfo).map((info) => ({
        interface: ifname,
        address: info.local,
        prefixLength: info.prefixlen,
        scope: info.scope,
        tentative: info.tentative === true && info.dadfailed !== true,
        duplicate: info.dadfailed === true,
      })),
    )
  }

  /** Adds an address and answers when it can be used: for IPv6, when the kernel has seen nobody else with it. */
  async add(device: string, address: string, prefixLength: number): Promise<void> {
    const present = async () =>
      (await this.list()).find((each) => each.address === address && each.interface === device)
    const before = await present()
    if (before?.duplicate) await this.remove(device, address, before.prefixLength)
    if (!before || before.duplicate) {
      const family = address.includes(':') ? '-6' : '-4'
      try {
        await run([...this.#ip, family, 'address', 'add', `${address}/${prefixLength}`, 'dev', device])
      } catch (error) {
        if (!/File exists|already assigned/i.test(messageOf(error))) throw error // agent and `format` may add it at one time
      }
    }
    const end = this.#clock.monotonic() + 10_000
    for (let found = await present(); ; found = await present()) {
      if (found && !found.tentative && !found.duplicate) return
      const late = this.#clock.monotonic() > end
      if (!found || found.duplicate || late) {
        if (found) await this.remove(device, address, prefixLength)
        const reason = found?.duplicate ? 'another machine has this address' : 'the kernel does not accept it'
        throw nodeErrors.HOST_STEP({ action: 'add address', path: `${address} on ${device}`, reason })
      }
      await this.#clock.sleep(50)
    }
  }

  async remove(device: string, address: string, prefixLength: number): Promise<void> {
    try {
      await run([...this.#ip, 'address', 'del', `${address}/${prefixLength}`, 'dev', device])
    } catch (error) {
      if (!messageOf(error).includes('Cannot assign requested address')) throw error // it is gone already
    }
  }
}

interface Link {
  readonly ifname: string
  readonly addr_info: readonly unknown[]
}

interface Info {
  readonly local: string
  readonly prefixlen: number
  readonly scope: string
  readonly tentative?: unknown
  readonly dadfailed?: unknown
}

function isLink(value: unknown): value is Link {
  return (
    typeof value === 'object' &&
    value !== null &&
    'ifname' in value &&
    'addr_info' in value &&
    Array.isArray(value.addr_info)
  )
}

function isInfo(value: unknown): value is Info {
  return (
    typeof value === 'object' &&
    value !== null &&
    'local' in value &&
    typeof value.local === 'string' &&
    'prefixlen' in value &&
    typeof value.prefixlen === 'number' &&
    'scope' in value &&
    typeof value.scope === 'string'
  )
}
