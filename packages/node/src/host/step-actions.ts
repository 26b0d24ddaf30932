import type { HostStep } from './host.ts'

/** What a step does, as an error says it before the path. */
export const stepActions: Readonly<Record<HostStep['kind'], string>> = {
  'root-directory': 'make directory',
  'software-user': 'make the user of',
  'partition-user': 'make the user of',
  'partition-directory': 'make directory',
  address: 'add address',
  range: 'make the IPv6 range',
  'release-range': 'release the IPv6 range',
  'release-address': 'release address',
  resource: 'write .slapos-resource of',
  'remove-partition': 'remove',
}
