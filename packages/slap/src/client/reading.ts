import { readComputer, readComputerPartition } from '../codec/documents/computer.ts'
import { readAccessStatus, readAddressList, readCertificate, readTextList } from '../codec/documents/small.ts'
import type { AccessStatus, CertificatePair, ComputerDocument, IpEntry, PartitionDocument } from '../documents.ts'
import type { Caller } from './caller.ts'

/** Place of an instance: computer and partition. */
export interface Place {
  readonly computerId: string
  readonly partitionId: string
}

export interface ReadingCalls {
  /** The very same object as before when the Master says that nothing changed. Also the node's heartbeat. */
  computer(computerId: string): Promise<ComputerDocument>
  partition(at: Place): Promise<PartitionDocument>
  /** Empty texts from a Master without certificates. */
  partitionCertificate(at: Place): Promise<CertificatePair>
  computerStatus(computerId: string): Promise<AccessStatus>
  partitionStatus(at: Place): Promise<AccessStatus>
  installationStatus(computerId: string, url: string): Promise<AccessStatus>
  /** `[interface, address]` of every partition of the same tree. */
  treeAddresses(at: Place): Promise<readonly IpEntry[]>
  hateoasUrl(): Promise<string>
  /** Release URLs, newest first, of a product or of the product that holds a release. */
  releases(by: { readonly product: string } | { readonly release: string }): Promise<readonly string[]>
}

export function readingCalls(caller: Caller): ReadingCalls {
  const known = new Map<string, { readonly etag: string; readonly document: ComputerDocument }>()
  return {
    async computer(computerId) {
      const path = 'getFullComputerInformation'
      const before = known.get(computerId)
      const answer = await caller.send({
        method: 'GET',
        path,
        query: { computer_id: computerId },
        ...(before && { headers: { 'if-none-match': before.etag }, accept: [304] }),
      })
      if (before && answer.status === 304) return before.document
      const document = caller.decode(path, answer.body, readComputer)
      const { etag } = answer.headers
      if (etag === undefined) known.delete(computerId)
      else known.set(computerId, { etag, document })
      return document
    },
    partition: ({ computerId, partitionId }) =>
      caller.read(
        'registerComputerPartition',
        { computer_reference: computerId, computer_partition_reference: partitionId },
        readComputerPartition,
      ),
    partitionCertificate: (at) => caller.read('getComputerPartitionCertificate', placeFields(at), readCertificate),
    computerStatus: (computerId) => caller.read('getComputerStatus', { computer_id: computerId }, readAccessStatus),
    partitionStatus: (at) => caller.read('getComputerPartitionStatus', placeFields(at), readAccessStatus),
    installationStatus: (computerId, url) =>
      caller.read('getSoftwareInstallationStatus', { url, computer_id: computerId }, readAccessStatus),
    treeAddresses: (at) => caller.read('getHostingSubscriptionIpList', placeFields(at), readAddressList),
    hateoasUrl: () => caller.read('getHateoasUrl', {}, (body) => body.trim()),
    releases: (by) =>
      caller.read(
        'getSoftwareReleaseListFromSoftwareProduct',
        'product' in by ? { software_product_reference: by.product } : { software_release_url: by.release },
        readTextList,
      ),
  }
}

export const placeFields = ({ computerId, partitionId }: Place) => ({
  computer_id: computerId,
  computer_partition_id: partitionId,
})
