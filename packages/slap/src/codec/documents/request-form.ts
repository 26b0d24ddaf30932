import type { InstanceRequest, InstanceState } from '../../documents.ts'
import type { Limits } from '../limits.ts'
import { MarshalWriter, marshal } from '../marshal.ts'
import { unmarshal } from '../unmarshal.ts'
import { booleanOf, instanceStateOf, textDictionaryOf, unexpected } from './fields.ts'

/** Fields of an `application/x-www-form-urlencoded` body. */
export type Form = Readonly<Record<string, string>>

/** Fields of `requestComputerPartition`. */
export function writeRequestForm(request: InstanceRequest): Form {
  return {
    ...(request.requester && {
      computer_id: request.requester.computerId,
      computer_partition_id: request.requester.partitionId,
    }),
    software_release: request.releaseUrl,
    software_type: request.softwareType,
    partition_reference: request.title,
    partition_parameter_xml: marshalTexts(request.parameters),
    filter_xml: marshalTexts(request.filter),
    state: marshal(request.state),
    shared_xml: marshal(request.shared),
    ...(request.project !== undefined && { project_reference: request.project }),
  }
}

/** Reads them back. Absent optional fields have the defaults of the existing Master: type `default`, state started. */
export function readRequestForm(form: Form, limits?: Partial<Limits>): InstanceRequest {
  const computerId = form.computer_id ?? ''
  const partitionId = form.computer_partition_id ?? ''
  if ((computerId === '') !== (partitionId === '')) {
    throw unexpected('computer_partition_id', 'a requester needs both computer_id and computer_partition_id')
  }
  return {
    title: required(form, 'partition_reference'),
    releaseUrl: required(form, 'software_release'),
    softwareType: form.software_type || 'default',
    parameters: textsOf(form, 'partition_parameter_xml', limits),
    filter: textsOf(form, 'filter_xml', limits),
    state: stateOf(form.state, limits),
    shared: form.shared_xml ? booleanOf(unmarshal(form.shared_xml, limits), 'shared_xml') : false,
    ...(computerId !== '' && { requester: { computerId, partitionId } }),
    ...(form.project_reference && { project: form.project_reference }),
  }
}

export function marshalTexts(texts: Readonly<Record<string, string>>): string {
  const writer = new MarshalWriter()
  writer.textDictionary(texts)
  return writer.document()
}

/** A marshalled dictionary of texts; empty when the field is. */
export function textsOf(form: Form, field: string, limits?: Partial<Limits>): Readonly<Record<string, string>> {
  const text = form[field]
  return text ? textDictionaryOf(unmarshal(text, limits), field) : {}
}

function stateOf(text: string | undefined, limits?: Partial<Limits>): InstanceState {
  const value = text ? unmarshal(text, limits) : null
  return value === null || value === '' ? 'started' : instanceStateOf(value, 'state')
}

function required(form: Form, field: string): string {
  const value = form[field]
  if (!value) throw unexpected(field, 'it is missing or empty')
  return value
}
