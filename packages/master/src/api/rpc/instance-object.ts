import { isSlapError } from '@slapos/base'
import type { FullIpEntry, IpEntry, TextDictionary } from '@slapos/slap'
import type { Caller, InstanceView } from '../../domain/cloud.ts'
import type { RpcTools } from './method.ts'

interface Addresses {
  readonly ipList: readonly IpEntry[]
  readonly fullIpList: readonly FullIpEntry[]
}

const NO_ADDRESS: Addresses = { ipList: [], fullIpList: [] }

/** An instance as this API tells it. Without a place, the place is empty text. */
export function instanceObject(view: InstanceView, { ipList, fullIpList }: Addresses) {
  return {
    title: view.title,
    instance_guid: view.guid,
    root_instance_title: view.rootTitle,
    software_release_uri: view.releaseUrl,
    software_type: view.softwareType,
    state: view.state,
    shared: view.shared,
    parameters: view.parameters,
    sla_parameters: view.filter,
    connection_parameters: view.connection,
    computer_guid: view.computer ?? '',
    compute_partition_id: view.partition ?? '',
    ip_list: ipList,
    full_ip_list: fullIpList,
    processing_timestamp: view.revision,
    access_status_message: view.status.text,
  }
}

/** The same with the addresses of its partition, for who may see that partition. */
export async function describe({ cloud }: RpcTools, caller: Caller, view: InstanceView) {
  return instanceObject(view, await addressesOf(cloud, caller, view))
}

export const NOT_READY = {
  message: 'Software Instance Not Ready',
  name: 'SoftwareInstanceNotReady',
  status: 102,
} as const

/** Every value as text, as the rest of the system has it. */
export function textsOf(values: Readonly<Record<string, unknown>> = {}): TextDictionary {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}

async function addressesOf(cloud: RpcTools['cloud'], caller: Caller, view: InstanceView): Promise<Addresses> {
  if (view.computer === null || view.partition === null) return NO_ADDRESS
  try {
    return (await cloud.nodes.partition(caller, view.computer, view.partition)).value.occupant ?? NO_ADDRESS
  } catch (error) {
    if (isSlapError(error) && (error.code === 'NOT_ALLOWED' || error.code === 'NOT_FOUND')) return NO_ADDRESS
    throw error
  }
}
