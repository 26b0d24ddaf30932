import type { FormattedComputer, FormattedPartition } from '@slapos/slap'
import { nodeErrors } from '../errors.ts'
import type { Assignment, HostFacts, HostStep } from '../host/host.ts'
import { resourceText } from './resource.ts'

export interface FormatWish {
  readonly computer: FormattedComputer
  /** Directories of the node itself. */
  readonly rootDirectories: readonly Extract<HostStep, { kind: 'root-directory' }>[]
  /** Partitions of the last format. */
  readonly remembered: readonly FormattedPartition[]
  readonly temporary: Assignment['temporary']
  /** Partitions that hold an instance: they are never removed. */
  readonly busy: ReadonlySet<string>
}

/** What must be done so that the host is as `wish` says. Empty when it already is. Pure. */
export function planFormat(wish: FormatWish, facts: HostFacts): readonly HostStep[] {
  const { computer } = wish
  const wanted = new Set(computer.partition_list.map(({ reference }) => reference))
  const surplus = wish.remembered.filter(({ reference }) => !wanted.has(reference))
  const busy = surplus.find(({ reference }) => wish.busy.has(reference))
  if (busy) {
    throw nodeErrors.TOO_FEW_PARTITIONS({ wanted: wanted.size, present: wish.remembered.length, busy: busy.reference })
  }
  const steps: HostStep[] = wish.rootDirectories.filter(({ path }) => !facts.rootDirectories.includes(path))
  if (!facts.softwareUser && computer.software_user !== '') {
    steps.push({ kind: 'software-user', name: computer.software_user, home: computer.software_root })
  }
  for (const partition of surplus) steps.push({ kind: 'remove-partition', partition })
  steps.push(...planAddresses(wish, facts))
  for (const partition of computer.partition_list) steps.push(...planPartition(computer, partition, facts))
  return steps
}

/** The computer's temporary address, and the addresses that partitions had and have no more (another prefix came). */
function planAddresses({ computer, remembered, temporary }: FormatWish, facts: HostFacts): HostStep[] {
  const wanted = new Set(computer.partition_list.flatMap(({ address_list }) => address_list.map(({ addr }) => addr)))
  const references = new Set(computer.partition_list.map(({ reference }) => reference))
  const staying = remembered.filter(({ reference }) => references.has(reference))
  const former = staying.flatMap(({ address_list }) => address_list.map(({ addr }) => addr))
  if (temporary && !temporary.wanted) former.push(temporary.address.address)
  const present = facts.addresses.filter(({ address }) => address === temporary?.address.address)
  const taken: HostStep[] =
    temporary?.wanted && present.length === 0
      ? [{ kind: 'address', partition: computer.reference, ...temporary.address }]
      : []
  const released = facts.addresses.filter(({ address }) => former.includes(address) && !wanted.has(address))
  return [
    ...released.map((address) => ({ kind: 'release-address', ...address }) as const),
    ...formerRanges(computer, staying, facts),
    ...taken,
  ]
}

function formerRanges(
  { partition_list }: FormattedComputer,
  remembered: readonly FormattedPartition[],
  { ranges }: HostFacts,
): HostStep[] {
  const networks = (partitions: readonly FormattedPartition[]) =>
    partitions.flatMap(({ ipv6_range: { network } }) => network ?? [])
  const wanted = networks(partition_list)
  return networks(remembered)
    .filter((network) => ranges.includes(network) && !wanted.includes(network))
    .map((network) => ({ kind: 'release-range', network }))
}

function planPartition(computer: FormattedComputer, partition: FormattedPartition, facts: HostFacts): HostStep[] {
  const found = facts.partitions[partition.reference]
  const steps: HostStep[] = []
  if (!found?.user) steps.push({ kind: 'partition-user', partition })
  for (const { addr, netmask } of partition.address_list) {
    if (found?.addresses.includes(addr)) continue
    const ipv6 = addr.includes(':')
    steps.push({
      kind: 'address',
      partition: partition.reference,
      interface: (ipv6 ? computer.ipv6_interface : null) ?? computer.interface?.name ?? 'lo',
      address: addr,
      prefixLength: prefixLength(netmask),
    })
  }
  const { network } = partition.ipv6_range
  if (network !== undefined && !facts.ranges.includes(network)) {
    steps.push({ kind: 'range', network, partition: partition.reference })
  }
  if (!found?.directory) steps.push({ kind: 'partition-directory', partition })
  if (found?.resource !== resourceText(partition)) steps.push({ kind: 'resource', partition })
  return steps
}

/** Length of a textual netmask, IPv4 or IPv6 (`255.255.255.255` is 32, `ffff:ffff::` is 32). */
export function prefixLength(netmask: string): number {
  const ipv6 = netmask.includes(':')
  const parts = netmask.split(ipv6 ? ':' : '.').filter((part) => part !== '')
  const ones = (value: number) => value.toString(2).replaceAll('0', '').length
  return parts.reduce((sum, part) => sum + ones(Number.parseInt(part, ipv6 ? 16 : 10)), 0)
}
