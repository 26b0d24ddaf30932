import { type FormattedComputer, NO_TAP, type TapDocument } from '@slapos/slap'
import type Type from 'typebox'
import type { FormatBody } from './schemas.ts'

type Body = Type.Static<typeof FormatBody>
type Address = NonNullable<Body['compute_partition_list'][number]['ip_list']>[number]

/** This API tells partitions and addresses only; an address with a gateway is the one routed to the tap. */
export function formattedComputer({ computer_guid, compute_partition_list }: Body): FormattedComputer {
  return {
    reference: computer_guid,
    address: null,
    netmask: null,
    partition_list: compute_partition_list.map(({ partition_id, ip_list = [], capability_list }) => ({
      reference: partition_id,
      path: '',
      user: { name: '', path: '', shell: '', additional_group_list: [] },
      address_list: ip_list
        .filter((address) => !isRouted(address))
        .map((address) => ({ addr: address['ip-address'], netmask: address.netmask ?? '' })),
      ipv6_range: {},
      tap: tapOf(ip_list),
      tun: null,
      external_storage_list: [],
      ...(capability_list && { capability_list }),
    })),
    instance_root: '',
    software_root: '',
    software_user: '',
    instance_storage_home: '',
    interface: null,
    ipv6_interface: null,
    tap_gateway_interface: '',
    tap_ipv6: false,
    partition_has_ipv6_range: false,
    os_type: '',
    public_ipv4_address: null,
    python_version: '',
    slapos_version: '',
  }
}

const isRouted = (address: Address) => Boolean(address['gateway-ip-address'])

function tapOf(addresses: readonly Address[]): TapDocument {
  const plain = addresses.find((address) => !isRouted(address))
  const routed = addresses.find(isRouted)
  const name = plain?.['network-interface'] ?? routed?.['network-interface']?.replace(/^route_/, '') ?? ''
  if (!routed) return { ...NO_TAP, name }
  return {
    ...NO_TAP,
    name,
    ipv4_addr: routed['ip-address'],
    ipv4_netmask: routed.netmask ?? '',
    ipv4_gateway: routed['gateway-ip-address'] ?? '',
    ipv4_network: routed['network-address'] ?? '',
  }
}
