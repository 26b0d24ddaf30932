import { BlockList, isIP } from 'node:net'
import { serverErrors } from './errors.ts'

/** Addresses and networks as they were given, known to be some. Throws PROXY_UNREADABLE. */
export function proxiesOf(given: readonly string[] = []): readonly string[] {
  for (const text of given) {
    const [address = '', prefix, ...rest] = text.split('/')
    const version = isIP(address)
    if (version === 0 || rest.length > 0 || (prefix !== undefined && !isNetwork(address, prefix, version)))
      throw serverErrors.PROXY_UNREADABLE({ text })
  }
  return given
}

function isNetwork(address: string, prefix: string, version: number): boolean {
  if (!/^\d{1,3}$/.test(prefix)) return false
  try {
    new BlockList().addSubnet(address, Number(prefix), version === 4 ? 'ipv4' : 'ipv6')
    return true
  } catch {
    return false
  }
}
