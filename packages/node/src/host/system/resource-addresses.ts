import { isIP } from 'node:net'
import type { RememberedAddresses } from '../host.ts'

/** The addresses in the text of a `.slapos-resource`. Its partition may have written anything there: only addresses are taken. */
export function readAddresses(reference: string, text: unknown): RememberedAddresses | undefined {
  if (typeof text !== 'string') return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || !('address_list' in value)) return undefined
  if (!Array.isArray(value.address_list)) return undefined
  const list: readonly unknown[] = value.address_list
  const address_list = list.flatMap((item) =>
    typeof item === 'object' &&
    item !== null &&
    'addr' in item &&
    typeof item.addr === 'string' &&
    isIP(item.addr) !== 0
      ? [{ addr: item.addr, netmask: '' }]
      : [],
  )
  return address_list.length > 0 ? { reference, address_list: address_list.slice(0, 2) } : undefined
}
