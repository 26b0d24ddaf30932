/**
 * Documents as `slapos proxy` writes them, not as the greater Master does: free partitions with a guid, no access
 * status, no filter, no full addresses, a timestamp of float seconds as text, null for an empty parameter, answers
 * about slaves without state and guid. Tests hold them against recorded ones, byte for byte.
 */
import { dictionary, type IpEntry, marshal, ObjectValue, type TextDictionary, Tuple, type Value } from '@slapos/slap'
import type { Placed, ProxyInstance, ProxyPartition, ProxySlave, ProxyState } from './proxy-state.ts'

export function writeProxyComputer(state: ProxyState): string {
  const { computerId } = state
  const attributes = {
    _computer_id: computerId,
    _computer_partition_list: state.partitions().map((partition) => partitionOf(computerId, partition)),
    _software_release_list: [...state.installations()].map(([url, requested]) => release(computerId, url, requested)),
  }
  return marshal(new ObjectValue('Computer', new Tuple(computerId), dictionary(attributes)))
}

export const writeProxyPartition = (computerId: string, partition: ProxyPartition): string =>
  marshal(partitionOf(computerId, partition))

/** The answer of a request. The proxy's mistake is kept: addresses of partitions of the same name come along. */
export function writeProxyRequested(
  { computerId, elsewhere }: ProxyState,
  { partition, instance, slave }: Placed,
): string {
  const own = { _instance_guid: guidOf(computerId, partition), _requested_state: instance.state, connection_xml: null }
  const parameters = slave
    ? textsOf(slave.parameters)
    : { ...textsOf(instance.parameters), timestamp: instance.timestamp }
  const attributes = {
    ...(slave ? {} : own),
    _connection_dict: dictionary(textsOf((slave ?? instance).connection)),
    _parameter_dict: dictionary(parameters),
    ip_list: addresses(slave ? partition.ipList : [...partition.ipList, ...elsewhere]),
    slap_computer_id: computerId,
    slap_computer_partition_id: partition.id,
    slap_server_url: 'slap_server_url',
    slap_software_release_url: instance.releaseUrl,
    slap_software_type: instance.softwareType,
  }
  return marshal(new ObjectValue('SoftwareInstance', new Tuple(), dictionary(attributes)))
}

function partitionOf(computerId: string, partition: ProxyPartition): ObjectValue {
  const { id, instance } = partition
  const attributes = {
    _computer_id: computerId,
    _instance_guid: guidOf(computerId, partition),
    _need_modification: instance ? 1 : 0,
    _partition_id: id,
    _request_dict: null,
    _requested_state: instance?.state ?? 'destroyed',
    _software_release_document: instance ? release(computerId, instance.releaseUrl) : null,
    ...(instance && {
      _connection_dict: dictionary(textsOf(instance.connection)),
      _parameter_dict: dictionary(parametersOf(computerId, partition, instance)),
    }),
  }
  return new ObjectValue('ComputerPartition', new Tuple(computerId, id, null), dictionary(attributes))
}

function parametersOf(computerId: string, partition: ProxyPartition, instance: ProxyInstance) {
  return {
    ...textsOf(instance.parameters),
    full_address_list: [],
    instance_title: instance.title,
    ip_list: addresses(partition.ipList),
    root_instance_title: instance.root,
    slap_computer_id: computerId,
    slap_computer_partition_id: partition.id,
    slap_software_release_url: instance.releaseUrl,
    slap_software_type: instance.softwareType,
    slave_instance_list: instance.slaves.map(slaveOf),
    timestamp: instance.timestamp,
  }
}

const slaveOf = ({ reference, softwareType, parameters }: ProxySlave) =>
  dictionary({
    ...textsOf(parameters),
    slap_software_type: softwareType,
    slave_reference: reference,
    slave_title: reference,
  })

function release(computerId: string, url: string, requested?: string): ObjectValue {
  const attributes = {
    _computer_guid: computerId,
    _software_instance_list: [],
    _software_release: url,
    ...(requested !== undefined && { _requested_state: requested }),
  }
  return new ObjectValue('SoftwareRelease', new Tuple(url, computerId), dictionary(attributes))
}

const guidOf = (computerId: string, { id }: ProxyPartition): string => `${computerId}-${id}`
const addresses = (entries: readonly IpEntry[]): readonly Value[] => entries.map((entry) => new Tuple(...entry))

/** An empty value comes back from the proxy's database as nothing. */
const textsOf = (texts: TextDictionary): Record<string, Value> =>
  Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, value === '' ? null : value]))
