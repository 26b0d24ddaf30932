import type { HostAddress } from './host-address.ts'

/**
 * What a machine without any global IPv6 takes for itself until a mesh or a provider brings a real prefix: a network of
 * local use (RFC 4193) on its own interface, the one that people used to add by hand.
 */
export const TEMPORARY_IPV6: HostAddress = { address: 'fc01::1', prefixLength: 32 }

/** The addresses that partitions may be numbered from: real ones, else the temporary one. Pure. */
export function usableIpv6(found: readonly HostAddress[], mayTakeTemporary: boolean): readonly HostAddress[] {
  const real = found.filter(({ address }) => address !== TEMPORARY_IPV6.address)
  if (real.length > 0) return real
  return found.length > 0 || mayTakeTemporary ? [TEMPORARY_IPV6] : []
}
