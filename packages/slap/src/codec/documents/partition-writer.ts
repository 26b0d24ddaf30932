import type { FullIpEntry, IpEntry, OccupantDocument, PartitionDocument, SlaveDocument } from '../../documents.ts'
import type { MarshalWriter } from '../marshal.ts'
import { compareCodePoints } from '../text.ts'

export interface PartitionWriting {
  /** Adds `_synced`, as in the answer of `registerComputerPartition`. */
  readonly synced?: boolean
}

/** Keys stand in code point order; what a node may not miss is in reference to the getters of slapos.core's client. */
export function writePartition(
  writer: MarshalWriter,
  { computerId, partitionId, occupant }: PartitionDocument,
  { synced = false }: PartitionWriting = {},
): void {
  writer.startObject('ComputerPartition', computerId, partitionId, null)
  writer.startDictionary()
  if (occupant?.accessStatus !== undefined) writeEntry(writer, '_access_status', occupant.accessStatus)
  writeEntry(writer, '_computer_id', computerId)
  if (occupant) {
    writer.literal('_connection_dict')
    writer.textDictionary(occupant.connection)
    writer.literal('_filter_dict')
    writer.textDictionary(occupant.filter)
    writeEntry(writer, '_instance_guid', occupant.instanceGuid)
  }
  writer.literal('_need_modification')
  writer.int(occupant ? 1 : 0)
  if (occupant) {
    writer.literal('_parameter_dict')
    writeParameters(writer, computerId, partitionId, occupant)
  }
  writeEntry(writer, '_partition_id', partitionId)
  writer.literal('_request_dict')
  writer.none()
  writeEntry(writer, '_requested_state', occupant?.state ?? 'destroyed')
  writer.literal('_software_release_document')
  if (occupant) writeRelease(writer, occupant.releaseUrl, computerId)
  else writer.none()
  if (synced) {
    writer.literal('_synced')
    writer.bool(true)
  }
  writer.endDictionary()
  writer.endObject()
}

export function writeRelease(writer: MarshalWriter, url: string, computerId: string, state?: string): void {
  writer.startObject('SoftwareRelease', url, computerId)
  writer.startDictionary()
  writeEntry(writer, '_computer_guid', computerId)
  if (state !== undefined) writeEntry(writer, '_requested_state', state)
  writer.literal('_software_instance_list')
  writer.emptyList()
  writeEntry(writer, '_software_release', url)
  writer.endDictionary()
  writer.endObject()
}

/** Keys that the Master fills in: they win over user parameters of the same name. */
export const RESERVED_PARAMETERS = [
  'full_ip_list',
  'instance_title',
  'ip_list',
  'root_instance_short_title',
  'root_instance_title',
  'slap_computer_id',
  'slap_computer_partition_id',
  'slap_software_release_url',
  'slap_software_type',
  'slave_instance_list',
  'timestamp',
] as const

const RESERVED: ReadonlySet<string> = new Set(RESERVED_PARAMETERS)

function writeParameters(writer: MarshalWriter, computerId: string, partitionId: string, it: OccupantDocument): void {
  const reserved: Readonly<Record<string, () => void>> = {
    full_ip_list: () => writeFullIpList(writer, it.fullIpList),
    instance_title: () => writer.string(it.title),
    ip_list: () => writeIpList(writer, it.ipList),
    root_instance_short_title: () => writer.string(''),
    root_instance_title: () => writer.string(it.rootTitle),
    slap_computer_id: () => writer.string(computerId),
    slap_computer_partition_id: () => writer.string(partitionId),
    slap_software_release_url: () => writer.string(it.releaseUrl),
    slap_software_type: () => writer.string(it.softwareType),
    slave_instance_list: () => writer.list(it.slaves, (slave) => writeSlave(writer, slave)),
    timestamp: () => writeTimestamp(writer, it.timestamp),
  }
  writeMixed(writer, it.parameters, RESERVED_PARAMETERS, RESERVED, reserved)
}

const SLAVE_KEYS = ['slap_software_type', 'slave_reference', 'slave_title', 'timestamp'] as const
export const RESERVED_SLAVE_KEYS: ReadonlySet<string> = new Set(SLAVE_KEYS)

function writeSlave(writer: MarshalWriter, slave: SlaveDocument): void {
  const reserved: Readonly<Record<string, () => void>> = {
    slap_software_type: () => writer.string(slave.softwareType),
    slave_reference: () => writer.string(slave.reference),
    slave_title: () => writer.string(slave.title),
    timestamp: () => writeTimestamp(writer, slave.timestamp),
  }
  // What the host published for it travels flat beside its parameters, which win.
  writeMixed(writer, { ...slave.connection, ...slave.parameters }, SLAVE_KEYS, RESERVED_SLAVE_KEYS, reserved)
}

function writeMixed(
  writer: MarshalWriter,
  texts: Readonly<Record<string, string>>,
  reservedKeys: readonly string[],
  reservedSet: ReadonlySet<string>,
  reserved: Readonly<Record<string, () => void>>,
): void {
  const own = Object.keys(texts).filter((key) => !reservedSet.has(key))
  const keys = own.length === 0 ? reservedKeys : [...reservedKeys, ...own].sort(compareCodePoints)
  writer.startDictionary()
  for (const key of keys) {
    writer.string(key)
    if (reservedSet.has(key)) reserved[key]?.()
    else writer.string(texts[key] ?? '')
  }
  writer.endDictionary()
}

export function writeIpList(writer: MarshalWriter, entries: readonly IpEntry[]): void {
  writer.list(entries, (entry) => writer.textTuple(entry))
}

export function writeFullIpList(writer: MarshalWriter, entries: readonly FullIpEntry[]): void {
  writer.list(entries, (entry) => writer.textTuple(entry))
}

/** An integer for ours; another Master's text is passed on as it is. */
export function writeTimestamp(writer: MarshalWriter, timestamp: string): void {
  if (/^\d+$/.test(timestamp)) writer.int(timestamp)
  else writer.string(timestamp)
}

/** `key` must need no escaping. */
export function writeEntry(writer: MarshalWriter, key: string, value: string): void {
  writer.literal(key)
  writer.string(value)
}
