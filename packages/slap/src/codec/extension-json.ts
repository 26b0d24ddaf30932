import type { FullIpEntry, IpEntry } from '../documents.ts'
import { slapErrors } from '../errors.ts'
import type { Capabilities, Capability, DesiredState, Position, SlaveDelta, TelemetryAnswer } from '../extension.ts'
import { array, boolean, type Decode, integer, nullable, object, oneOf, record, text } from './json.ts'

/** Decoders of what a Master answers to the node extension. */
export const position: Decode<Position> = (value, path) => {
  const parsed = parsePosition(text(value, path))
  if (!parsed) throw slapErrors.DOCUMENT_UNEXPECTED({ path, reason: 'it is not a position EPOCH:REVISION' })
  return `${parsed.epoch}:${parsed.revision}`
}

/** Undefined when the text is no position. */
export function parsePosition(from: string): { readonly epoch: string; readonly revision: number } | undefined {
  const match = /^([^:\s]+):(\d{1,16})$/.exec(from)
  const revision = Number(match?.[2])
  return match?.[1] && Number.isSafeInteger(revision) ? { epoch: match[1], revision } : undefined
}

const ipEntry: Decode<IpEntry> = (value, path) => {
  const [name = '', address = ''] = array(text)(value, path)
  return [name, address]
}

const fullIpEntry: Decode<FullIpEntry> = (value, path) => {
  const [name = '', address = '', gateway = '', netmask = '', network = ''] = array(text)(value, path)
  return [name, address, gateway, netmask, network]
}

const texts = record(text)
const format = oneOf(1)
const instanceState = oneOf('started', 'stopped', 'destroyed')

const occupant = object({
  instanceGuid: text,
  title: text,
  rootTitle: text,
  state: instanceState,
  releaseUrl: text,
  softwareType: text,
  parameters: texts,
  connection: texts,
  filter: texts,
  accessStatus: nullable(text),
  ipList: array(ipEntry),
  fullIpList: array(fullIpEntry),
  timestamp: text,
  ownRevision: text,
  slavesRevision: text,
})

export const desiredState: Decode<DesiredState> = object({
  format,
  position,
  full: boolean,
  partitions: array(object({ partitionId: text, occupant: nullable(occupant) })),
  removedPartitions: array(text),
  installations: array(object({ url: text, state: oneOf('available', 'destroyed') })),
  removedInstallations: array(text),
})

export const slaveDelta: Decode<SlaveDelta> = object({
  format,
  position,
  full: boolean,
  changed: array(
    object({
      reference: text,
      title: text,
      softwareType: text,
      parameters: texts,
      connection: texts,
      timestamp: text,
    }),
  ),
  removed: array(text),
})

export const telemetryAnswer: Decode<TelemetryAnswer> = object({
  format,
  now: integer,
  wantFull: boolean,
  followed: array(text),
})

const CAPABILITIES: readonly Capability[] = ['desired', 'slaves', 'events', 'telemetry', 'certificate', 'leave']

/** Capabilities that this version does not know are dropped. */
export const capabilities: Decode<Capabilities> = (value, path) => {
  const it = object({
    format,
    version: text,
    capabilities: array(text),
    computer: text,
    now: integer,
    observedAddress: text,
  })(value, path)
  return { ...it, capabilities: CAPABILITIES.filter((known) => it.capabilities.includes(known)) }
}

export const renewedCertificate = object({ certificate: text, ca: text })

export const farewell = object({ instances: integer })
