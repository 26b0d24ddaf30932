import type { HostAddress } from './host-address.ts'
import { maskOf, parseIpv6 } from './ipv6.ts'

/**
 * What a machine without any global IPv6 takes for itself until a mesh or a provider brings a real prefix: a network of
 * local use (RFC 4193) on its own interface, the one that people used to add by hand.
 */
export const TEMPORARY_IPV6: HostAddress = { address: 'fc01::1', prefixLength: 32 }

/** Of the temporary network, whoever added it: a partition's, too, which the memory of the last format may not hold yet. */
function isTemporary({ address, prefixLength }: HostAddress): boolean {
  const [mine, other] = [parseIpv6(TEMPORARY_IPV6.address), parseIpv6(address)]
  const mask = maskOf(TEMPORARY_IPV6.prefixLength)
  return prefixLength === TEMPORARY_IPV6.prefixLength && ((mine ?? 0n) & mask) === ((other ?? 0n) & mask)
}

/** The addresses that partitions may be numbered from: real ones, else the temporary one. Pure. */
export function usableIpv6(found: readonly HostAddress[], mayTakeTemporary: boolean): readonly HostAddress[] {
  const real = found.filter((each) => !isTemporary(each))
  if (real.length > 0) return real
  return found.length > 0 || mayTakeTemporary ? [TEMPORARY_IPV6] : []
}
