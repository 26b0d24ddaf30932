import { writeFormat } from '../codec/documents/format.ts'
import { marshalTexts } from '../codec/documents/request-form.ts'
import { marshal } from '../codec/marshal.ts'
import { stripUnrepresentable } from '../codec/text.ts'
import type { FormattedComputer, InstanceState, TextDictionary } from '../documents.ts'
import type { Caller } from './caller.ts'
import { type Place, placeFields } from './reading.ts'

/** What nodes and instances tell. Identical reports change nothing. */
export interface ReportingCalls {
  format(computer: FormattedComputer): Promise<void>
  reportRelease(computerId: string, url: string, state: 'building' | 'available' | 'destroyed'): Promise<void>
  releaseError(computerId: string, url: string, log: string): Promise<void>
  reportInstance(at: Place, state: InstanceState): Promise<void>
  instanceError(at: Place, message: string, slave?: string): Promise<void>
  instanceBang(at: Place, message: string): Promise<void>
  rename(at: Place, title: string, slave?: string): Promise<void>
  /** Replaces the whole connection dictionary of the instance, or of a slave that it hosts. */
  publish(at: Place, connection: TextDictionary, slave?: string): Promise<void>
  /** Titles of the children requested in this run. Fails as `not-found` on some Masters, which means nothing. */
  relatedInstances(at: Place, titles: readonly string[]): Promise<void>
  consumption(computerId: string, tioxml: string): Promise<void>
  computerBang(computerId: string, message: string): Promise<void>
}

const RELEASE_CALLS = {
  building: 'buildingSoftwareRelease',
  available: 'availableSoftwareRelease',
  destroyed: 'destroyedSoftwareRelease',
} as const

const INSTANCE_CALLS = {
  started: 'startedComputerPartition',
  stopped: 'stoppedComputerPartition',
  destroyed: 'destroyedComputerPartition',
} as const

export function reportingCalls(caller: Caller): ReportingCalls {
  const slaveField = (slave: string | undefined) => (slave === undefined ? {} : { slave_reference: slave })
  return {
    format: (computer) => caller.tell('loadComputerConfigurationFromXML', { xml: writeFormat(computer) }),
    reportRelease: (computerId, url, state) => caller.tell(RELEASE_CALLS[state], { url, computer_id: computerId }),
    releaseError: (computerId, url, log) =>
      caller.tell('softwareReleaseError', { url, computer_id: computerId, error_log: stripUnrepresentable(log) }),
    reportInstance: (at, state) => caller.tell(INSTANCE_CALLS[state], placeFields(at)),
    instanceError: (at, message, slave) =>
      caller.tell('softwareInstanceError', {
        ...placeFields(at),
        error_log: stripUnrepresentable(message),
        ...slaveField(slave),
      }),
    instanceBang: (at, message) => caller.tell('softwareInstanceBang', { ...placeFields(at), message }),
    rename: (at, title, slave) =>
      caller.tell('softwareInstanceRename', { ...placeFields(at), new_name: title, ...slaveField(slave) }),
    publish: (at, connection, slave) =>
      caller.tell('setComputerPartitionConnectionXml', {
        ...placeFields(at),
        connection_xml: marshalTexts(connection),
        // The four letters that classic clients send when there is none.
        slave_reference: slave ?? 'None',
      }),
    relatedInstances: (at, titles) =>
      caller.tell('updateComputerPartitionRelatedInstanceList', {
        ...placeFields(at),
        instance_reference_xml: marshal([...titles]),
      }),
    consumption: (computerId, tioxml) => caller.tell('useComputer', { computer_id: computerId, use_string: tioxml }),
    computerBang: (computerId, message) => caller.tell('computerBang', { computer_id: computerId, message }),
  }
}
