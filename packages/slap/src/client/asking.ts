import { readComputerReference } from '../codec/documents/computer.ts'
import { writeRequestForm } from '../codec/documents/request-form.ts'
import { readRequestedInstance } from '../codec/documents/requested-instance.ts'
import { readCertificate } from '../codec/documents/small.ts'
import type { CertificatePair, InstanceRequest, ReleaseState, RequestedInstance } from '../documents.ts'
import type { Caller } from './caller.ts'

/** What persons and instances ask for. */
export interface AskingCalls {
  /** Fails as `not-ready` while there is no partition for it, and for what is or was destroyed. */
  request(request: InstanceRequest): Promise<RequestedInstance>
  supply(computerId: string, url: string, state: ReleaseState): Promise<void>
  /** Answers the reference, `COMP-n`. */
  requestComputer(title: string, project?: string): Promise<string>
  generateComputerCertificate(computerId: string): Promise<CertificatePair>
  revokeComputerCertificate(computerId: string): Promise<void>
}

export function askingCalls(caller: Caller): AskingCalls {
  return {
    request: (request) =>
      caller.ask('requestComputerPartition', writeRequestForm(request), (body) => readRequestedInstance(body, request)),
    supply: (computerId, url, state) => caller.tell('supplySupply', { url, computer_id: computerId, state }),
    requestComputer: (title, project) =>
      caller.ask(
        'requestComputer',
        { computer_title: title, ...(project !== undefined && { project_reference: project }) },
        readComputerReference,
      ),
    generateComputerCertificate: (computerId) =>
      caller.ask('generateComputerCertificate', { computer_id: computerId }, readCertificate),
    revokeComputerCertificate: (computerId) => caller.tell('revokeComputerCertificate', { computer_id: computerId }),
  }
}
