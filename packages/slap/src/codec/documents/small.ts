import type { AccessStatus, CertificatePair, IpEntry } from '../../documents.ts'
import { MarshalWriter, marshal } from '../marshal.ts'
import { unmarshal } from '../unmarshal.ts'
import { dictionary, Tuple } from '../value.ts'
import { dictionaryOf, listOf, optionalText, pairsOf, textOf } from './fields.ts'

/** Answers that are one dictionary or one list. */
export const writeAccessStatus = (status: AccessStatus): string => marshal(dictionary({ ...status }))

export function readAccessStatus(text: string): AccessStatus {
  const it = dictionaryOf(unmarshal(text), 'status')
  const field = (key: string) => optionalText(it.get(key), `status.${key}`) ?? ''
  const flag = (key: string): 0 | 1 => (field(key) === '1' ? 1 : 0)
  return {
    user: field('user'),
    created_at: field('created_at'),
    since: field('since'),
    state: field('state'),
    text: field('text'),
    reference: field('reference'),
    portal_type: field('portal_type'),
    ...(it.has('no_data') && flag('no_data') === 1 && { no_data: 1 as const }),
    ...(it.has('no_data_since_15_minutes') && { no_data_since_15_minutes: flag('no_data_since_15_minutes') }),
    ...(it.has('no_data_since_5_minutes') && { no_data_since_5_minutes: flag('no_data_since_5_minutes') }),
  }
}

export const writeCertificate = ({ certificate, key }: CertificatePair): string =>
  marshal(dictionary({ certificate, key }))

/** `slapos proxy` answers empty texts. */
export function readCertificate(text: string): CertificatePair {
  const it = dictionaryOf(unmarshal(text), 'certificate')
  return {
    certificate: optionalText(it.get('certificate'), 'certificate.certificate') ?? '',
    key: optionalText(it.get('key'), 'certificate.key') ?? '',
  }
}

export function writeTextList(texts: readonly string[]): string {
  const writer = new MarshalWriter()
  writer.list(texts, (text) => writer.string(text))
  return writer.document()
}

export const readTextList = (text: string): readonly string[] =>
  listOf(unmarshal(text), 'list').map((item, index) => textOf(item, `list[${index}]`))

export const writeAddressList = (addresses: readonly IpEntry[]): string =>
  marshal(addresses.map((entry) => new Tuple(...entry)))

export const readAddressList = (text: string): readonly IpEntry[] => pairsOf(unmarshal(text), 'addresses')
