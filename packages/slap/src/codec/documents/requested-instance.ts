import type { InstanceRequest, RequestedInstance } from '../../documents.ts'
import type { Limits } from '../limits.ts'
import { MarshalWriter } from '../marshal.ts'
import { unmarshal } from '../unmarshal.ts'
import { type Dictionary, isDictionary } from '../value.ts'
import { instanceStateOf, objectOf, optionalText, pairsOf, textDictionaryOf, textOf, textsExcept } from './fields.ts'
import { readFullIpList } from './partition-reader.ts'
import { writeEntry, writeFullIpList, writeIpList, writeTimestamp } from './partition-writer.ts'

/**
 * Answer of `requestComputerPartition`. State, guid, parameters and connection are always there: without them the
 * client of slapos.core asks again and shows a slave its host's values.
 */
export function writeRequestedInstance(it: RequestedInstance): string {
  const writer = new MarshalWriter()
  writer.startObject('SoftwareInstance')
  writer.startDictionary()
  writer.literal('_connection_dict')
  writer.textDictionary(it.connection)
  writer.literal('_filter_dict')
  writer.textDictionary(it.filter)
  writeEntry(writer, '_instance_guid', it.instanceGuid)
  writer.literal('_parameter_dict')
  writer.textDictionary(it.parameters)
  writeEntry(writer, '_requested_state', it.state)
  writer.literal('full_ip_list')
  writeFullIpList(writer, it.fullIpList)
  writeEntry(writer, 'instance_title', it.title)
  writer.literal('ip_list')
  writeIpList(writer, it.ipList)
  writeEntry(writer, 'root_instance_short_title', '')
  writeEntry(writer, 'root_instance_title', it.rootTitle)
  writeEntry(writer, 'slap_computer_id', it.computerId)
  writeEntry(writer, 'slap_computer_partition_id', it.partitionId)
  writeEntry(writer, 'slap_software_release_url', it.releaseUrl)
  writeEntry(writer, 'slap_software_type', it.softwareType)
  writer.literal('slave_instance_list')
  writer.emptyList()
  writer.literal('timestamp')
  writeTimestamp(writer, it.timestamp)
  writer.endDictionary()
  writer.endObject()
  return writer.document()
}

/** What a foreign Master leaves out is taken from the request that it answers. */
export function readRequestedInstance(
  text: string,
  request: Pick<InstanceRequest, 'title' | 'releaseUrl' | 'softwareType' | 'state'>,
  limits?: Partial<Limits>,
): RequestedInstance {
  const { attributes } = objectOf(unmarshal(text, limits), 'SoftwareInstance', 'instance')
  const optional = (key: string) => optionalText(attributes.get(key), `instance.${key}`)
  const state = attributes.get('_requested_state')
  const title = optional('instance_title') ?? request.title
  return {
    computerId: textOf(attributes.get('slap_computer_id'), 'instance.slap_computer_id'),
    partitionId: textOf(attributes.get('slap_computer_partition_id'), 'instance.slap_computer_partition_id'),
    instanceGuid: optional('_instance_guid') ?? '',
    title,
    rootTitle: optional('root_instance_title') ?? title,
    state: state == null ? request.state : instanceStateOf(state, 'instance._requested_state'),
    releaseUrl: optional('slap_software_release_url') ?? request.releaseUrl,
    softwareType: optional('slap_software_type') ?? request.softwareType,
    ...readParameters(attributes),
    connection: textDictionaryOf(attributes.get('_connection_dict'), 'instance._connection_dict'),
    filter: textDictionaryOf(attributes.get('_filter_dict'), 'instance._filter_dict'),
    ipList: pairsOf(attributes.get('ip_list'), 'instance.ip_list'),
    fullIpList: readFullIpList(attributes.get('full_ip_list'), 'instance.full_ip_list'),
  }
}

/** `slapos proxy` has no `timestamp` of its own: it puts it among the parameters. */
function readParameters(attributes: Dictionary): Pick<RequestedInstance, 'parameters' | 'timestamp'> {
  const parameters = attributes.get('_parameter_dict')
  const timestamp = optionalText(attributes.get('timestamp'), 'instance.timestamp')
  if (timestamp !== undefined || !isDictionary(parameters)) {
    return { parameters: textDictionaryOf(parameters, 'instance._parameter_dict'), timestamp: timestamp ?? '' }
  }
  return {
    parameters: textsExcept(parameters, new Set(['timestamp']), 'instance._parameter_dict'),
    timestamp: optionalText(parameters.get('timestamp'), 'instance.timestamp') ?? '',
  }
}
