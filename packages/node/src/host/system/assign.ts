import { type FormattedPartition, NO_TAP } from '@slapos/slap'
import { nodeErrors } from '../../errors.ts'
import type { Assignment, AssignRequest } from '../host.ts'
import { inNetwork, nthAddress } from '../local-network.ts'
import type { HostAddress } from './host-address.ts'
import { formatIpv6, maskOf, netmaskText, nthIpv6, parseIpv6 } from './ipv6.ts'
import { rangeOf } from './ranges.ts'
import { TEMPORARY_IPV6 } from './temporary-ipv6.ts'

export interface SystemNetwork {
  readonly instances: string
  readonly interface: string
  readonly ipv6Interface: string | null
  /** `10.0.0.0/16`: partitions have a /32 of it each. */
  readonly ipv4Network: string
  /** Global IPv6 addresses of the IPv6 interface. */
  readonly ipv6: readonly HostAddress[]
}

/** Users and addresses of the partitions: what was remembered while it still fits, else by the partition's number. Pure. */
export function assignSystem(request: AssignRequest, network: SystemNetwork): Assignment {
  const before = request.remembered.flatMap(({ address_list }) => address_list.map(({ addr }) => addr))
  const node = chooseNodeAddress(
    network.ipv6,
    before.find((address) => address.includes(':')),
  )
  const remembered = new Map(request.remembered.map((partition) => [partition.reference, partition.address_list]))
  const taken = new Set<string>(network.ipv6.map(({ address }) => address))
  const references = Array.from({ length: request.count }, (_, i) => `${request.partitionBase}${i}`)
  const fits = (address: string) =>
    address.includes(':') ? node !== undefined && within(node, address) : inNetwork(network.ipv4Network, address)
  const kept = new Map(
    references.map((reference) => [reference, (remembered.get(reference) ?? []).map(({ addr }) => addr).filter(fits)]),
  )
  // Two that claim one address both lose it: what partitions say of themselves may be a lie.
  const claims = Map.groupBy([...kept.values()].flat(), (address) => address)
  const single = (address: string) => isSingle(node) && address.includes(':')
  for (const [reference, list] of kept) {
    kept.set(
      reference,
      list.filter((address) => claims.get(address)?.length === 1 || single(address)),
    )
  }
  for (const address of [...kept.values()].flat()) taken.add(address)
  const claim = (candidate: (n: number) => string | undefined, from: number, reference: string, all: string) => {
    for (let n = from; n < from + 70_000; n++) {
      const address = candidate(n)
      if (address === undefined) break
      if (taken.has(address)) continue
      taken.add(address)
      return address
    }
    throw nodeErrors.ADDRESS_SPACE({ network: all, partition: reference })
  }
  const partitions = references.map((reference, i): FormattedPartition => {
    const mine = kept.get(reference) ?? []
    const ipv4 =
      mine.find((address) => !address.includes(':')) ??
      claim((n) => nthAddress(network.ipv4Network, n), i + 2, reference, network.ipv4Network)
    const ipv6 = node && (mine.find((address) => address.includes(':')) ?? nthOf(node, i + 2, taken, claim, reference))
    const path = `${network.instances}/${reference}`
    return {
      reference,
      path,
      // No group in common: partitions cannot read each other through one.
      user: { name: `${request.userBase}${i}`, path, shell: '/bin/sh', additional_group_list: [] },
      address_list: [
        { addr: ipv4, netmask: '255.255.255.255' },
        ...(node && ipv6 ? [{ addr: ipv6, netmask: netmaskText(node.prefixLength) }] : []),
      ],
      ipv6_range: node && request.ipv6PrefixShift !== undefined ? rangeOf(node, request.ipv6PrefixShift, i) : {},
      tap: { ...NO_TAP, name: `${request.tapBase}${i}` },
      tun: null,
      external_storage_list: [],
    }
  })
  return {
    partitions,
    address: node?.address ?? null,
    netmask: node ? netmaskText(node.prefixLength) : null,
    interface: network.interface,
    ipv6Interface: network.ipv6Interface,
    temporary: temporaryOf(network, node),
  }
}

function temporaryOf({ ipv6Interface }: SystemNetwork, node: HostAddress | undefined): Assignment['temporary'] {
  if (ipv6Interface === null) return null
  const wanted = node?.address === TEMPORARY_IPV6.address
  return { address: { interface: ipv6Interface, ...TEMPORARY_IPV6 }, wanted }
}

function nthOf(
  { address, prefixLength }: HostAddress,
  from: number,
  taken: Set<string>,
  claim: (candidate: (n: number) => string | undefined, from: number, reference: string, all: string) => string,
  reference: string,
): string {
  const network = parseIpv6(address) ?? 0n
  const candidate = (n: number) => formatIpv6(nthIpv6(network, prefixLength, BigInt(n)))
  // A single address is shared by all: there is nothing to choose.
  if (isSingle({ address, prefixLength })) return formatIpv6(network)
  // In a tiny network the numbers come round to what is taken already: then it is full.
  if (prefixLength > 111 && taken.size > 2 ** (128 - prefixLength)) {
    throw nodeErrors.ADDRESS_SPACE({ network: `${address}/${prefixLength}`, partition: reference })
  }
  return claim(candidate, from, reference, `${address}/${prefixLength}`)
}

/** The remembered network if it is still there, else the largest one, then the lowest address. */
export function chooseNodeAddress(
  candidates: readonly HostAddress[],
  remembered: string | undefined,
): HostAddress | undefined {
  const number = ({ address }: HostAddress) => parseIpv6(address) ?? 0n
  const sorted = candidates
    .filter(({ address }) => parseIpv6(address) !== undefined)
    .toSorted((a, b) => a.prefixLength - b.prefixLength || (number(a) < number(b) ? -1 : 1))
  return sorted.find((candidate) => remembered !== undefined && within(candidate, remembered)) ?? sorted[0]
}

/** All partitions share the one address of such a network. */
const isSingle = (node: HostAddress | undefined) => node !== undefined && node.prefixLength >= 127

function within({ address, prefixLength }: HostAddress, other: string): boolean {
  const [one, two] = [parseIpv6(address), parseIpv6(other)]
  if (one === undefined || two === undefined) return false
  return (one & maskOf(prefixLength)) === (two & maskOf(prefixLength))
}
