import { createHash, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import { der, oid, readDer, sequence, TAG } from '@slapos/base/der.ts'

/** Certificate extensions (RFC 5280 §4.2), each as one encoded element. */

const CRITICAL = der(TAG.boolean, Buffer.from([0xff]))
const extension = (id: string, value: Uint8Array, critical = false): Buffer =>
  sequence(oid(id), ...(critical ? [CRITICAL] : []), der(TAG.octetString, value))

export const authority = (pathLength?: number): Buffer =>
  extension(
    '2.5.29.19',
    sequence(CRITICAL, ...(pathLength === undefined ? [] : [der(TAG.integer, Buffer.from([pathLength]))])),
    true,
  )

export const endEntity = (): Buffer => extension('2.5.29.19', sequence(), true)

/** keyCertSign and cRLSign. */
export const signsCertificates = (): Buffer =>
  extension('2.5.29.15', der(TAG.bitString, Buffer.from([1, 0b0000_0110])), true)

/** digitalSignature; also keyEncipherment for RSA keys of old TLS peers. */
export const signsData = (rsa: boolean): Buffer =>
  extension('2.5.29.15', der(TAG.bitString, Buffer.from(rsa ? [5, 0b1010_0000] : [7, 0b1000_0000])), true)

export const purpose = (use: 'client' | 'server'): Buffer =>
  extension('2.5.29.37', sequence(oid(use === 'server' ? '1.3.6.1.5.5.7.3.1' : '1.3.6.1.5.5.7.3.2')))

export const subjectKey = (key: KeyObject): Buffer => extension('2.5.29.14', der(TAG.octetString, keyId(key)))
export const authorityKey = (key: KeyObject): Buffer => extension('2.5.29.35', sequence(der(0x80, keyId(key))))

/** Host names and IP addresses of a server. */
export const alternativeNames = (names: readonly string[]): Buffer =>
  extension('2.5.29.17', sequence(...names.map(generalName)))

/** SHA-1 of the public key's bits: an identifier, not a protection (RFC 5280 §4.2.1.2). */
function keyId(key: KeyObject): Buffer {
  const [spki] = readDer(key.export({ type: 'spki', format: 'der' }))
  const bits = readDer(spki?.content ?? Buffer.alloc(0))[1]?.content.subarray(1) ?? Buffer.alloc(0)
  return createHash('sha1').update(bits).digest()
}

function generalName(name: string): Buffer {
  const version = isIP(name)
  if (version === 0) return der(0x82, Buffer.from(name, 'latin1'))
  return der(0x87, version === 4 ? Buffer.from(name.split('.').map(Number)) : ipv6Bytes(name))
}

function ipv6Bytes(address: string): Buffer {
  // The URL parser writes any form, also with an embedded IPv4 address, as hexadecimal groups.
  const text = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [head = '', tail] = text.split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)))
  const before = groups(head)
  const after = tail === undefined ? [] : groups(tail)
  const all = [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after]
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]))
}
