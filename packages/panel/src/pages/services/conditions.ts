import type { TextMap } from '../../form/wire.ts'
import type { TextKey } from '../../text/text.ts'

interface Condition {
  readonly meaning: TextKey
  readonly example: string
  /** What its value looks like; undefined: any text. */
  readonly pattern?: RegExp
}

/** The conditions (SLA) that allocation knows; it refuses others. A test compares them with the Master's. */
export const CONDITIONS: Readonly<Record<string, Condition>> = {
  computer_guid: { meaning: 'On this server', example: 'COMP-1', pattern: /^COMP-\d+$/ },
  instance_guid: { meaning: 'Served by this instance (for slaves)', example: 'SOFTINST-1', pattern: /^SOFTINST-\d+$/ },
  network_guid: { meaning: 'On a server of this network', example: 'NET-1', pattern: /^NET-\d+$/ },
  project_guid: { meaning: 'On a server of this project', example: 'PROJ-1', pattern: /^PROJ-\d+$/ },
  mode: {
    meaning: 'Not on a network where another instance of the service runs',
    example: 'unique_by_network',
    pattern: /^unique_by_network$/,
  },
  capability: { meaning: 'In a partition with this capability', example: 'gpu' },
  group: { meaning: 'On a server of this group', example: 'group/office' },
  region: { meaning: 'In this region', example: 'europe/france' },
  cpu_core: { meaning: 'With so many cores', example: 'cpu_core/8' },
  cpu_frequency: { meaning: 'With this processor frequency', example: '3000' },
  cpu_type: { meaning: 'With this type of processor', example: 'x86_64' },
  memory_size: { meaning: 'With so much memory', example: '16384' },
  memory_type: { meaning: 'With this type of memory', example: 'ddr4' },
  storage_capacity: { meaning: 'With so much storage', example: '500' },
  storage_interface: { meaning: 'With this storage interface', example: 'nvme' },
  storage_redundancy: { meaning: 'With this redundancy of storage', example: 'raid/raid1' },
  local_area_network_type: { meaning: 'With this local network', example: 'ethernet' },
  retention_delay: {
    meaning: 'Data are kept so many days after its destruction',
    example: '7',
    pattern: /^\d+(\.\d+)?$/,
  },
  fw_restricted_access: { meaning: 'Firewall: nobody but the authorised may connect (on)', example: 'on' },
  fw_authorized_sources: { meaning: 'Firewall: addresses that may connect', example: '10.0.0.0/8' },
  fw_rejected_sources: { meaning: 'Firewall: addresses that may not connect', example: '192.0.2.1' },
}

/** The first key whose value can be satisfied by nothing. */
export const wrongCondition = (filter: TextMap): string | undefined =>
  Object.entries(filter).find(([key, value]) => value !== '' && CONDITIONS[key]?.pattern?.test(value) === false)?.[0]
