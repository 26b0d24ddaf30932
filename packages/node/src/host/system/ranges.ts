import { writeFile } from 'node:fs/promises'
import type { FormattedPartition } from '@slapos/slap'
import type { HostAddress } from './host-address.ts'
import { formatIpv6, maskOf, netmaskText, parseIpv6 } from './ipv6.ts'
import { run } from './programs.ts'

/**
 * The IPv6 range of partition `index` within the network of the node: the bits after its prefix are a quarter of their own
 * (the first one is that of single addresses, re6st counts on it) and the number. None where the network is too small.
 * Pure.
 */
export function rangeOf(
  { address, prefixLength }: HostAddress,
  shift: number,
  index: number,
): FormattedPartition['ipv6_range'] {
  const length = prefixLength + shift
  const node = parseIpv6(address)
  if (node === undefined || length >= 128) return {}
  const number = BigInt(2 ** (shift - 2) + index + 1)
  const first = formatIpv6((node & maskOf(prefixLength)) | (number << BigInt(128 - length)))
  return { addr: first, netmask: netmaskText(length), network: `${first}/${length}`, prefixlen: length }
}

/** Ranges are local routes: whatever is in them is this machine's, and no address has to be added for it. */
export class Ranges {
  readonly #ip: readonly string[]

  constructor(ip: readonly string[]) {
    this.#ip = [...ip, '-6']
  }

  /** The networks that are local as a whole. */
  async list(): Promise<readonly string[]> {
    const routes: unknown = JSON.parse((await run([...this.#ip, '-j', ...this.#route('show')])) || '[]')
    if (!Array.isArray(routes)) return []
    return routes.flatMap((route: unknown) =>
      typeof route === 'object' && route !== null && 'dst' in route && typeof route.dst === 'string'
        ? [route.dst].filter((network) => network.includes('/'))
        : [],
    )
  }

  async add(network: string): Promise<void> {
    await run([...this.#ip, ...this.#route('replace', 'local', network)])
  }

  async remove(network: string): Promise<void> {
    if ((await this.list()).includes(network)) await run([...this.#ip, ...this.#route('del', 'local', network)])
  }

  #route(verb: string, ...what: readonly string[]): readonly string[] {
    return ['route', verb, ...what, ...(verb === 'show' ? ['type', 'local'] : []), 'dev', 'lo', 'table', 'local']
  }
}

/** Lets programs take addresses of ranges, as classic nodes do. Answers whether the kernel took it. */
export const allowRanges = () =>
  writeFile('/proc/sys/net/ipv6/ip_nonlocal_bind', '1').then(
    () => true,
    () => false,
  )
