/**
 * Loopback addresses for the partitions of local mode. All of 127.0.0.0/8 is there without any set-up, so each cloud
 * takes a 127.A.B.0/24 of its own, derived from its id, and several clouds live on one machine.
 */
import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import { nodeErrors } from '../errors.ts'

/** The networks of a cloud, in the order in which they are tried. Pure. 127.0.x is left to everybody else. */
export function* loopbackNetworks(cloudId: string, tries = 32): Generator<string> {
  for (let i = 0; i < tries; i++) {
    const hash = createHash('sha256').update(`${cloudId}/${i}`).digest()
    const [a, b] = [1 + (hash.readUInt8(0) % 254), hash.readUInt8(1)]
    yield `127.${a}.${b}.0/24`
  }
}

/** The first network on which an address can be bound. The caller records it: it is never chosen twice. */
export async function chooseLocalNetwork(cloudId: string): Promise<string> {
  for (const network of loopbackNetworks(cloudId)) {
    if (await canBind(nthAddress(network, 2) ?? '')) return network
  }
  throw nodeErrors.NO_LOOPBACK()
}

/** Host number `n` of an IPv4 network in CIDR form, undefined when it is outside or the broadcast address. */
export function nthAddress(network: string, n: number): string | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(network)
  if (!match) return undefined
  const [a = 0, b = 0, c = 0, d = 0, length = 0] = match.slice(1).map(Number)
  if ([a, b, c, d].some((part) => part > 255) || length > 32) return undefined
  const size = 2 ** (32 - length)
  const base = Math.floor((((a * 256 + b) * 256 + c) * 256 + d) / size) * size
  if (n < 1 || n >= size - 1) return undefined
  const address = base + n
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}

export function inNetwork(network: string, address: string): boolean {
  const length = Number(network.split('/')[1])
  return nthAddress(`${address}/${length}`, 1) === nthAddress(network, 1) && nthAddress(network, 1) !== undefined
}

function canBind(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: address, port: 0, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
