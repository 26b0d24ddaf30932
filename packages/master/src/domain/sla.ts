import type { TextDictionary } from '@slapos/slap'
import { masterErrors } from '../errors.ts'

/** Facts of a node that a request can ask for by value. */
export const CATEGORIES = [
  'group',
  'region',
  'cpu_core',
  'cpu_frequency',
  'cpu_type',
  'memory_size',
  'memory_type',
  'storage_capacity',
  'storage_interface',
  'storage_redundancy',
  'local_area_network_type',
] as const

/** For the node, not for allocation. */
const PASSED_ON = ['fw_restricted_access', 'fw_rejected_sources', 'fw_authorized_sources'] as const

const PATTERNS: Readonly<Record<string, readonly [pattern: RegExp, meaning: string]>> = {
  computer_guid: [/^COMP-\d+$/, 'a node like COMP-1'],
  instance_guid: [/^SOFTINST-\d+$/, 'an instance like SOFTINST-1'],
  network_guid: [/^NET-\d+$/, 'a network like NET-1'],
  project_guid: [/^PROJ-\d+$/, 'a project like PROJ-1'],
  mode: [/^unique_by_network$/, 'unique_by_network'],
  retention_delay: [/^\d+(\.\d+)?$/, 'a number of days'],
}

export interface Sla {
  readonly computer: string | undefined
  readonly host: string | undefined
  readonly network: string | undefined
  readonly project: string | undefined
  readonly uniqueByNetwork: boolean
  readonly capability: string | undefined
  readonly categories: Readonly<Record<string, string>>
}

const KNOWN: readonly string[] = [...Object.keys(PATTERNS), 'capability', ...CATEGORIES, ...PASSED_ON]

/** Throws SLA_KEY or SLA_VALUE: what can never be satisfied is refused when it is asked. An empty value asks nothing. */
export function parseSla(filter: TextDictionary): Sla {
  for (const [key, value] of Object.entries(filter)) {
    if (!KNOWN.includes(key)) throw masterErrors.SLA_KEY({ key, known: KNOWN.join(', ') })
    const [pattern, meaning] = PATTERNS[key] ?? []
    if (value !== '' && pattern && meaning && !pattern.test(value))
      throw masterErrors.SLA_VALUE({ key, value, meaning })
  }
  const given = (key: string) => filter[key] || undefined
  return {
    computer: given('computer_guid'),
    host: given('instance_guid'),
    network: given('network_guid'),
    project: given('project_guid'),
    uniqueByNetwork: given('mode') !== undefined,
    capability: given('capability'),
    categories: Object.fromEntries(
      CATEGORIES.flatMap((key): [string, string][] => {
        const value = given(key)
        return value === undefined ? [] : [[key, value]]
      }),
    ),
  }
}
