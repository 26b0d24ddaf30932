import { type FormattedPartition, NO_TAP } from '@slapos/slap'
import { nodeErrors } from '../errors.ts'
import type { Assignment, AssignRequest } from './host.ts'
import { inNetwork, nthAddress } from './local-network.ts'

/** Partition i has address i + 2 of the network, unless it already has another one of it. Pure. */
export function assignLocal(
  request: AssignRequest,
  { network, instances, user }: { readonly network: string; readonly instances: string; readonly user: string },
): Assignment {
  const remembered = new Map(request.remembered.map((partition) => [partition.reference, partition]))
  const taken = new Set<string>()
  const kept = (reference: string) =>
    remembered.get(reference)?.address_list.find(({ addr }) => inNetwork(network, addr))?.addr
  const references = Array.from({ length: request.count }, (_, i) => `${request.partitionBase}${i}`)
  for (const reference of references) {
    const address = kept(reference)
    if (address) taken.add(address)
  }
  const partitions = references.map((reference, i): FormattedPartition => {
    let address = kept(reference)
    for (let n = i + 2; !address; n++) {
      const candidate = nthAddress(network, n)
      if (!candidate) throw nodeErrors.ADDRESS_SPACE({ network, partition: reference })
      if (!taken.has(candidate)) address = candidate
    }
    taken.add(address)
    const path = `${instances}/${reference}`
    return {
      reference,
      path,
      user: { name: user, path, shell: '/bin/sh', additional_group_list: [] },
      address_list: [{ addr: address, netmask: '255.255.255.255' }],
      ipv6_range: {},
      tap: { ...NO_TAP, name: `${request.tapBase}${i}` },
      tun: null,
      external_storage_list: [],
    }
  })
  return { partitions, address: null, netmask: null, interface: 'lo', ipv6Interface: null, temporary: null }
}
