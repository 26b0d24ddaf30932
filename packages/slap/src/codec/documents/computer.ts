import type { ComputerDocument, PartitionDocument } from '../../documents.ts'
import type { Limits } from '../limits.ts'
import { MarshalWriter } from '../marshal.ts'
import { unmarshal } from '../unmarshal.ts'
import type { Value } from '../value.ts'
import { listOf, objectOf, releaseStateOf, textOf, unexpected } from './fields.ts'
import { readPartition, readReleaseUrl } from './partition-reader.ts'
import { type PartitionWriting, writeEntry, writePartition, writeRelease } from './partition-writer.ts'

/** Answer of `getFullComputerInformation`: every partition, free ones too, and every release to have or to remove. */
export function writeComputer({ computerId, partitions, installations }: ComputerDocument): string {
  const writer = new MarshalWriter()
  writer.startObject('Computer', computerId)
  writer.startDictionary()
  writeEntry(writer, '_computer_id', computerId)
  writer.literal('_computer_partition_list')
  writer.list(partitions, (partition) => writePartition(writer, partition))
  writer.literal('_software_release_list')
  writer.list(installations, ({ url, state }) => writeRelease(writer, url, computerId, state))
  writer.endDictionary()
  writer.endObject()
  return writer.document()
}

export function readComputer(text: string, limits?: Partial<Limits>): ComputerDocument {
  const it = objectOf(unmarshal(text, limits), 'Computer', 'computer')
  const { attributes } = it
  return {
    computerId: computerIdOf(attributes.get('_computer_id') ?? it.arguments.items[0]),
    partitions: listOf(attributes.get('_computer_partition_list'), 'computer.partitions').map((partition, index) =>
      readPartition(partition, `computer.partitions[${index}]`),
    ),
    installations: listOf(attributes.get('_software_release_list'), 'computer.releases').map((release, index) => {
      const path = `computer.releases[${index}]`
      const state = objectOf(release, 'SoftwareRelease', path).attributes.get('_requested_state')
      return { url: readReleaseUrl(release, path), state: releaseStateOf(state, `${path}._requested_state`) }
    }),
  }
}

/** Answer of `registerComputerPartition`. */
export function writeComputerPartition(
  partition: PartitionDocument,
  writing: PartitionWriting = { synced: true },
): string {
  const writer = new MarshalWriter()
  writePartition(writer, partition, writing)
  return writer.document()
}

export function readComputerPartition(text: string, limits?: Partial<Limits>): PartitionDocument {
  return readPartition(unmarshal(text, limits), 'partition')
}

/** Answer of `requestComputer`: a computer that carries its reference only. */
export function writeComputerReference(computerId: string): string {
  const writer = new MarshalWriter()
  writer.startObject('Computer', computerId)
  writer.startDictionary()
  writeEntry(writer, '_computer_id', computerId)
  writer.endDictionary()
  writer.endObject()
  return writer.document()
}

export const readComputerReference = (text: string): string => readComputer(text).computerId

function computerIdOf(value: Value | undefined): string {
  const id = textOf(value, 'computer._computer_id')
  if (id === '') throw unexpected('computer._computer_id', 'it is empty')
  return id
}
