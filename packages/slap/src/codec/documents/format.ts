import type { FormattedComputer, FormattedPartition, TapDocument } from '../../documents.ts'
import type { Limits } from '../limits.ts'
import { marshal } from '../marshal.ts'
import { unmarshal } from '../unmarshal.ts'
import { type Dictionary, dictionary, isDictionary, type Value } from '../value.ts'
import { booleanOf, dictionaryOf, integerOf, listOf, optionalText, textOf } from './fields.ts'

/** Field `xml` of `loadComputerConfigurationFromXML`: what a node tells about itself after formatting. */
export function writeFormat(computer: FormattedComputer): string {
  const { partition_list, interface: network, instance_storage_home, ...rest } = computer
  return marshal(
    dictionary({
      ...rest,
      instance_storage_home: instance_storage_home === '' ? null : instance_storage_home,
      interface: network && dictionary({ ...network }),
      partition_list: partition_list.map(partitionValue),
    }),
  )
}

/** Takes the dictionaries of older nodes too: what is missing is empty. */
export function readFormat(text: string, limits?: Partial<Limits>): FormattedComputer {
  const it = dictionaryOf(unmarshal(text, limits), 'computer')
  const { text: field, nullable } = fieldsOf(it, 'computer')
  return {
    reference: textOf(it.get('reference'), 'computer.reference'),
    address: nullable('address'),
    netmask: nullable('netmask'),
    partition_list: listOf(it.get('partition_list'), 'computer.partition_list').map(partitionOf),
    instance_root: field('instance_root'),
    software_root: field('software_root'),
    software_user: field('software_user'),
    instance_storage_home: field('instance_storage_home'),
    interface: interfaceOf(it.get('interface')),
    ipv6_interface: nullable('ipv6_interface'),
    tap_gateway_interface: field('tap_gateway_interface'),
    tap_ipv6: flag(it.get('tap_ipv6'), 'computer.tap_ipv6'),
    partition_has_ipv6_range: flag(it.get('partition_has_ipv6_range'), 'computer.partition_has_ipv6_range'),
    os_type: field('os_type'),
    public_ipv4_address: nullable('public_ipv4_address'),
    python_version: field('python_version'),
    slapos_version: field('slapos_version'),
  }
}

function partitionValue({ capability_list, ...partition }: FormattedPartition): Value {
  return dictionary({
    ...partition,
    user: dictionary({ ...partition.user }),
    address_list: partition.address_list.map((address) => dictionary({ ...address })),
    ipv6_range: dictionary({ ...partition.ipv6_range }),
    tap: dictionary({ ...partition.tap }),
    tun: partition.tun && dictionary({ ...partition.tun }),
    capability_list,
  })
}

function partitionOf(value: Value, index: number): FormattedPartition {
  const path = `computer.partition_list[${index}]`
  const it = dictionaryOf(value, path)
  const user = fieldsOf(it.get('user'), `${path}.user`)
  const texts = (from: Dictionary | undefined, key: string) =>
    listOf(from?.get(key), `${path}.${key}`).map((item, at) => textOf(item, `${path}.${key}[${at}]`))
  const capabilities = it.get('capability_list')
  return {
    reference: textOf(it.get('reference'), `${path}.reference`),
    path: fieldsOf(it, path).text('path'),
    user: {
      name: user.text('name'),
      path: user.text('path'),
      shell: user.text('shell'),
      additional_group_list: texts(user.entries, 'additional_group_list'),
    },
    address_list: listOf(it.get('address_list'), `${path}.address_list`).map((address, at) => {
      const fields = fieldsOf(dictionaryOf(address, `${path}.address_list[${at}]`), `${path}.address_list[${at}]`)
      return { addr: fields.text('addr'), netmask: fields.text('netmask') }
    }),
    ipv6_range: rangeOf(it.get('ipv6_range'), `${path}.ipv6_range`),
    tap: tapOf(it.get('tap'), `${path}.tap`),
    tun: it.get('tun') == null ? null : tapOf(it.get('tun'), `${path}.tun`),
    external_storage_list: texts(it, 'external_storage_list'),
    ...(capabilities != null && { capability_list: texts(it, 'capability_list') }),
  }
}

function rangeOf(value: Value | undefined, path: string): FormattedPartition['ipv6_range'] {
  const { entries, text } = fieldsOf(value, path)
  if (!entries?.get('addr')) return {}
  return {
    addr: text('addr'),
    netmask: text('netmask'),
    network: text('network'),
    prefixlen: integerOf(entries.get('prefixlen'), `${path}.prefixlen`),
  }
}

function tapOf(value: Value | undefined, path: string): TapDocument {
  const { text } = fieldsOf(value, path)
  return {
    name: text('name'),
    ipv4_addr: text('ipv4_addr'),
    ipv4_netmask: text('ipv4_netmask'),
    ipv4_gateway: text('ipv4_gateway'),
    ipv4_network: text('ipv4_network'),
    ipv6_addr: text('ipv6_addr'),
    ipv6_netmask: text('ipv6_netmask'),
    ipv6_gateway: text('ipv6_gateway'),
    ipv6_network: text('ipv6_network'),
  }
}

function interfaceOf(value: Value | undefined): FormattedComputer['interface'] {
  const path = 'computer.interface'
  const { entries, text, nullable } = fieldsOf(value, path)
  if (!entries) return null
  const shift = entries.get('ipv6_prefixshift')
  return {
    name: text('name'),
    ipv4_local_network: text('ipv4_local_network'),
    ipv6_interface: nullable('ipv6_interface'),
    ipv6_prefixshift: shift == null ? 0 : integerOf(shift, `${path}.ipv6_prefixshift`),
  }
}

/** Older nodes send the option's text. */
function flag(value: Value | undefined, path: string): boolean {
  return typeof value === 'string' ? ['true', '1', 'yes'].includes(value.toLowerCase()) : booleanOf(value, path)
}

function fieldsOf(value: Value | undefined, path: string) {
  const entries = isDictionary(value) ? value : undefined
  const nullable = (key: string) => optionalText(entries?.get(key), `${path}.${key}`) ?? null
  return { entries, nullable, text: (key: string) => nullable(key) ?? '' }
}
