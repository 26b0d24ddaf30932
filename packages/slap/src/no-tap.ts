import type { TapDocument } from './documents.ts'

/** A partition's tap that has no address. */
export const NO_TAP: TapDocument = Object.freeze({
  name: '',
  ipv4_addr: '',
  ipv4_netmask: '',
  ipv4_gateway: '',
  ipv4_network: '',
  ipv6_addr: '',
  ipv6_netmask: '',
  ipv6_gateway: '',
  ipv6_network: '',
})
