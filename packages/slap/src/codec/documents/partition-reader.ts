import type { FullIpEntry, OccupantDocument, PartitionDocument, SlaveDocument } from '../../documents.ts'
import type { Dictionary, Value } from '../value.ts'
import {
  dictionaryOf,
  instanceStateOf,
  listOf,
  objectOf,
  optionalText,
  pairsOf,
  rowsOf,
  textDictionaryOf,
  textOf,
  textsExcept,
} from './fields.ts'
import { RESERVED_PARAMETERS, RESERVED_SLAVE_KEYS } from './partition-writer.ts'

/** A partition without a release is free, whatever else it carries (`slapos proxy` gives it a guid). */
export function readPartition(value: Value | undefined, path: string): PartitionDocument {
  const it = objectOf(value, 'ComputerPartition', path)
  const [computer, partition] = it.arguments.items
  const computerId = textOf(it.attributes.get('_computer_id') ?? computer, `${path}._computer_id`)
  const partitionId = textOf(it.attributes.get('_partition_id') ?? partition, `${path}._partition_id`)
  const release = it.attributes.get('_software_release_document')
  const here = `${path}(${partitionId})`
  const occupant = release == null ? undefined : readOccupant(it.attributes, readReleaseUrl(release, here), here)
  return { computerId, partitionId, occupant }
}

export function readReleaseUrl(value: Value | undefined, path: string): string {
  const it = objectOf(value, 'SoftwareRelease', path)
  return textOf(it.attributes.get('_software_release') ?? it.arguments.items[0], `${path}._software_release`)
}

export function readFullIpList(value: Value | undefined, path: string): readonly FullIpEntry[] {
  return rowsOf(value, 5, path).map(([name = '', address = '', gateway = '', netmask = '', network = '']) => [
    name,
    address,
    gateway,
    netmask,
    network,
  ])
}

/** Names that foreign Masters add beside ours. */
const RESERVED: ReadonlySet<string> = new Set([...RESERVED_PARAMETERS, 'full_address_list'])

function readOccupant(attributes: Dictionary, releaseUrl: string, path: string): OccupantDocument {
  const parameters = dictionaryOf(attributes.get('_parameter_dict') ?? new Map(), `${path}._parameter_dict`)
  const text = (key: string) => optionalText(parameters.get(key), `${path}.${key}`) ?? ''
  return {
    instanceGuid: optionalText(attributes.get('_instance_guid'), `${path}._instance_guid`) ?? '',
    title: text('instance_title'),
    rootTitle: text('root_instance_title'),
    state: instanceStateOf(attributes.get('_requested_state'), `${path}._requested_state`),
    releaseUrl,
    softwareType: text('slap_software_type'),
    parameters: textsExcept(parameters, RESERVED, `${path}._parameter_dict`),
    connection: textDictionaryOf(attributes.get('_connection_dict'), `${path}._connection_dict`),
    filter: textDictionaryOf(attributes.get('_filter_dict'), `${path}._filter_dict`),
    accessStatus: optionalText(attributes.get('_access_status'), `${path}._access_status`),
    ipList: pairsOf(parameters.get('ip_list'), `${path}.ip_list`),
    fullIpList: readFullIpList(parameters.get('full_ip_list'), `${path}.full_ip_list`),
    slaves: listOf(parameters.get('slave_instance_list'), `${path}.slave_instance_list`).map((slave, index) =>
      readSlave(slave, `${path}.slave_instance_list[${index}]`),
    ),
    timestamp: text('timestamp'),
  }
}

/** Parameters and published values are one flat dictionary on the wire: all of it is read as parameters. */
function readSlave(value: Value, path: string): SlaveDocument {
  const slave = dictionaryOf(value, path)
  return {
    reference: textOf(slave.get('slave_reference'), `${path}.slave_reference`),
    title: optionalText(slave.get('slave_title'), `${path}.slave_title`) ?? '',
    softwareType: optionalText(slave.get('slap_software_type'), `${path}.slap_software_type`) ?? '',
    parameters: textsExcept(slave, RESERVED_SLAVE_KEYS, path),
    connection: {},
    timestamp: optionalText(slave.get('timestamp'), `${path}.timestamp`) ?? '',
  }
}
