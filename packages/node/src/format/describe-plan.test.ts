import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FormattedPartition, NO_TAP } from '@slapos/slap'
import { describePlan } from './describe-plan.ts'

const partition = (n: number): FormattedPartition => {
  const path = `/srv/slapgrid/slappart${n}`
  return {
    reference: `slappart${n}`,
    path,
    user: { name: `slapuser${n}`, path, shell: '/bin/sh', additional_group_list: [] },
    ...{ address_list: [], ipv6_range: {}, tap: NO_TAP, tun: null, external_storage_list: [] },
  }
}

test('a plan is read at a glance: the computer first, then a line for each partition', () => {
  const address = (of: string, text: string, prefixLength: number) =>
    ({ kind: 'address', partition: of, interface: 'lo', address: text, prefixLength }) as const
  const steps = [
    { kind: 'root-directory', path: '/srv/slapgrid', mode: 0o755 },
    { kind: 'software-user', name: 'slapsoft', home: '/opt/slapgrid' },
    { kind: 'remove-partition', partition: partition(10) },
    address('COMP-1', 'fc01::1', 32),
    { kind: 'partition-user', partition: partition(0) },
    address('slappart0', '10.0.0.2', 32),
    address('slappart0', 'fc01::2', 32),
    { kind: 'range', network: 'fc01:0:4001::/48', partition: 'slappart0' },
    { kind: 'partition-directory', partition: partition(0) },
    { kind: 'resource', partition: partition(0) },
  ] as const
  assert.equal(
    describePlan(steps),
    `This would be done:
  computer    directory /srv/slapgrid (0755), user slapsoft for builds
  slappart10  remove it: it is free and no longer configured
  COMP-1      address fc01::1/32 on lo
  slappart0   user slapuser0, addresses 10.0.0.2/32 and fc01::2/32 on lo, IPv6 range fc01:0:4001::/48, directory /srv/slapgrid/slappart0 (0750), .slapos-resource
Nothing was changed.
`,
  )
  assert.equal(describePlan([]), 'Nothing to do.\n')
})
