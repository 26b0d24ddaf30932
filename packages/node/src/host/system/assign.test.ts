import assert from 'node:assert/strict'
import { isIPv6 } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import type { AssignRequest } from '../host.ts'
import { assignSystem, chooseNodeAddress, type SystemNetwork } from './assign.ts'
import type { HostAddress } from './host-address.ts'
import { formatIpv6, netmaskText, parseIpv6 } from './ipv6.ts'
import { usableIpv6 } from './temporary-ipv6.ts'

const names = { partitionBase: 'slappart', userBase: 'slapuser', softwareUser: 'slapsoft', tapBase: 'slaptap' }
const request = (count: number, remembered: AssignRequest['remembered'] = []): AssignRequest => ({
  count,
  remembered,
  ...names,
})
const network = (ipv6: readonly HostAddress[]): SystemNetwork => ({
  instances: '/srv/slapgrid',
  interface: 'lo',
  ipv6Interface: 'eth0',
  ipv4Network: '10.0.0.0/16',
  ipv6,
})
const at = (text: string): HostAddress => {
  const [address = '', length] = text.split('/')
  return { address, prefixLength: Number(length) }
}
const sixth = (assignment: ReturnType<typeof assignSystem>) =>
  assignment.partitions.map(({ address_list }) => address_list[1]?.addr)

test('IPv6 addresses are read and written', () => {
  for (const text of ['::', '::1', 'fc01::2', '2001:db8:1:2:3:4:5:6', 'fe80::1:0:0:1', '1::', 'a:b:c:d:e:f:1:0']) {
    assert.equal(formatIpv6(parseIpv6(text) ?? -1n), text)
  }
  for (const text of ['', ':', '1:2', '::1::', 'g::', '1:2:3:4:5:6:7:8:9', '12345::', '1:2:3:4:5:6:7::8'])
    assert.equal(parseIpv6(text), undefined, text)
  assert.equal(netmaskText(32), 'ffff:ffff::')
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
      (n) => isIPv6(formatIpv6(n)) && parseIpv6(formatIpv6(n)) === n,
    ),
    { numRuns: Number(process.env['SLAPOS_RUNS'] ?? 100) },
  )
})

test('partition i has range number 0x4000 + i + 1 of the network of the node, as classic nodes count', () => {
  const ranges = (prefix: string, ipv6PrefixShift = 16) =>
    assignSystem({ ...request(2), ipv6PrefixShift }, network([at(prefix)])).partitions.map(
      ({ ipv6_range }) => ipv6_range.network,
    )
  assert.deepEqual(ranges('fc01::1/32'), ['fc01:0:4001::/48', 'fc01:0:4002::/48'])
  assert.deepEqual(ranges('2001:db8:1:2::1/64'), ['2001:db8:1:2:4001::/80', '2001:db8:1:2:4002::/80'])
  assert.deepEqual(ranges('2001:db8::1/96'), ['2001:db8::4001:0/112', '2001:db8::4002:0/112'])
  assert.deepEqual(ranges('2001:db8::1/64', 8), ['2001:db8:0:0:4100::/72', '2001:db8:0:0:4200::/72'])
  // Too small a network has none.
  assert.deepEqual(ranges('2001:db8::1/112'), [undefined, undefined])
  const [first] = assignSystem({ ...request(1), ipv6PrefixShift: 16 }, network([at('fc01::1/32')])).partitions
  assert.deepEqual(first?.ipv6_range, {
    ...{ addr: 'fc01:0:4001::', netmask: 'ffff:ffff:ffff::', network: 'fc01:0:4001::/48', prefixlen: 48 },
  })
  assert.deepEqual(assignSystem(request(1), network([at('fc01::1/32')])).partitions[0]?.ipv6_range, {})
})

test('an address of the temporary network is no lasting prefix, whoever has it', () => {
  assert.deepEqual(usableIpv6([at('fc01::1/32'), at('fc01::c/32')], true), [at('fc01::1/32')])
  assert.deepEqual(usableIpv6([at('fc01::c/32')], false), [at('fc01::1/32')])
  assert.deepEqual(usableIpv6([at('fc01::1/32'), at('fc01:7::1/64')], true), [at('fc01:7::1/64')])
  assert.deepEqual(usableIpv6([], false), [])
})

test('partition i has host i + 2 of the network of the node', () => {
  const { partitions, address, netmask } = assignSystem(request(3), network([at('fc01::1/32')]))
  assert.deepEqual([address, netmask], ['fc01::1', 'ffff:ffff::'])
  assert.deepEqual(partitions[0]?.address_list, [
    { addr: '10.0.0.2', netmask: '255.255.255.255' },
    { addr: 'fc01::2', netmask: 'ffff:ffff::' },
  ])
  assert.deepEqual(partitions[2]?.address_list[1]?.addr, 'fc01::4')
  assert.deepEqual(partitions[2]?.user, {
    name: 'slapuser2',
    path: '/srv/slapgrid/slappart2',
    shell: '/bin/sh',
    additional_group_list: [],
  })
})

test('what was remembered stays while it fits, and moves with the network', () => {
  const first = assignSystem(request(2), network([at('fc01::1/32')]))
  const moved = first.partitions.map((partition) => ({
    ...partition,
    address_list: [
      { addr: '10.0.9.9', netmask: '' },
      { addr: 'fc01::77', netmask: '' },
    ],
  }))
  const again = assignSystem(request(3, moved.slice(0, 1)), network([at('fc01::1/32')]))
  assert.deepEqual(sixth(again), ['fc01::77', 'fc01::3', 'fc01::4'])
  assert.equal(again.partitions[0]?.address_list[0]?.addr, '10.0.9.9')
  assert.deepEqual(sixth(assignSystem(request(2, first.partitions), network([at('fc02::1/32')]))), [
    'fc02::2',
    'fc02::3',
  ])
})

test('the node keeps its network, else takes the largest, then the lowest', () => {
  const all = [at('2001:db8::5/64'), at('fc01::9/32'), at('fc01::3/32')]
  assert.equal(chooseNodeAddress(all, undefined)?.address, 'fc01::3')
  assert.equal(chooseNodeAddress(all, '2001:db8::77')?.address, '2001:db8::5')
  assert.equal(chooseNodeAddress([], 'fc01::1'), undefined)
})

test('small networks: numbers wrap around, one address is shared, a full one says so', () => {
  assert.deepEqual(sixth(assignSystem(request(2), network([at('fc01::1/126')]))), ['fc01::2', 'fc01::3'])
  assert.deepEqual(sixth(assignSystem(request(2), network([at('fc01::1/128')]))), ['fc01::1', 'fc01::1'])
  assert.throws(() => assignSystem(request(9), network([at('fc01::1/126')])), { code: 'ADDRESS_SPACE' })
})

test('without IPv6 there is an IPv4 address alone', () => {
  const { partitions, address } = assignSystem(request(1), network([]))
  assert.equal(address, null)
  assert.equal(partitions[0]?.address_list.length, 1)
})
