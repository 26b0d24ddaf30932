/** IPv6 addresses as 128-bit numbers: what `format` computes with. Pure. */

export function parseIpv6(text: string): bigint | undefined {
  if (text.split('::').length > 2 || !/^[0-9a-f:]+$/i.test(text)) return undefined
  const [head = '', tail] = text.split('::')
  const words = (part: string) => (part === '' ? [] : part.split(':'))
  const [front, back] = [words(head), words(tail ?? '')]
  const gap = 8 - front.length - back.length
  if (tail === undefined ? gap !== 0 : gap < 1) return undefined
  const all = [...front, ...Array.from({ length: gap }, () => '0'), ...back]
  if (all.some((word) => !/^[0-9a-f]{1,4}$/i.test(word))) return undefined
  return all.reduce((sum, word) => (sum << 16n) | BigInt(`0x${word}`), 0n)
}

/** The canonical text (RFC 5952): the longest run of zeros shortened, the first of equals. */
export function formatIpv6(address: bigint): string {
  const words = Array.from({ length: 8 }, (_, i) => ((address >> BigInt(112 - 16 * i)) & 0xffffn).toString(16))
  let best = { at: -1, length: 1 }
  for (let i = 0; i < 8; i++) {
    let length = 0
    while (words[i + length] === '0') length++
    if (length > best.length) best = { at: i, length }
  }
  if (best.at < 0) return words.join(':')
  return `${words.slice(0, best.at).join(':')}::${words.slice(best.at + best.length).join(':')}`
}

export const maskOf = (prefixLength: number): bigint =>
  ((1n << BigInt(prefixLength)) - 1n) << BigInt(128 - prefixLength)

export const netmaskText = (prefixLength: number): string => formatIpv6(maskOf(prefixLength))

/**
 * Host number `n` of a network, as classic nodes count: it wraps around within the network and skips 0 (the network) and
 * 1 (the router of re6st).
 */
export function nthIpv6(network: bigint, prefixLength: number, n: bigint): bigint {
  const size = 1n << BigInt(128 - prefixLength)
  const base = network & maskOf(prefixLength)
  if (size <= 2n) return network
  return base + 2n + ((n - 2n) % (size - 2n))
}
