import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { messageOf } from '@slapos/base'
import { readDer, TAG } from '@slapos/base/der.ts'
import { identityErrors } from '../errors.ts'

const MOST_BYTES = 16 * 1024
const refused = (reason: string) => identityErrors.REQUEST_UNREADABLE({ reason })

/**
 * The public key of a PKCS #10 request (RFC 2986), after checking that the sender holds its private half. Everything
 * else in the request is ignored: the subject of our certificates is ours to say. Throws REQUEST_UNREADABLE.
 */
export function readCertificateRequest(text: string): KeyObject {
  if (text.length > MOST_BYTES) throw refused(`it is longer than ${MOST_BYTES} bytes`)
  const base64 = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END/.exec(text)?.[1]
  if (base64 === undefined) throw refused('it is not PEM')
  const { info, algorithm, signature, publicKey } = parse(Buffer.from(base64, 'base64'))
  acceptKey(publicKey)
  if (!verify(digestOf(algorithm), info, publicKey, signature)) throw refused('its signature does not match its key')
  return publicKey
}

/** SHA-256 of the public key (SPKI, DER), hexadecimal: what tokens are bound to. */
export const keyFingerprint = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')

function parse(bytes: Buffer) {
  try {
    const [outer, ...after] = readDer(bytes)
    const [info, algorithm, bits] = readDer(outer?.content ?? Buffer.alloc(0))
    const [, , spki] = readDer(info?.content ?? Buffer.alloc(0))
    const [oid] = readDer(algorithm?.content ?? Buffer.alloc(0))
    if (after.length > 0 || !info || !oid || bits?.tag !== TAG.bitString || bits.content[0] !== 0 || !spki) {
      throw new RangeError('its structure is not that of PKCS #10')
    }
    return {
      info: info.whole,
      algorithm: oid.content.toString('hex'),
      signature: bits.content.subarray(1),
      publicKey: createPublicKey({ key: spki.whole, format: 'der', type: 'spki' }),
    }
  } catch (error) {
    throw refused(messageOf(error))
  }
}

function acceptKey(key: KeyObject): void {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {}
  const type = key.asymmetricKeyType ?? 'unknown'
  const accepted =
    type === 'ed25519' ||
    (type === 'ec' && ['prime256v1', 'secp384r1'].includes(namedCurve)) ||
    (type === 'rsa' && modulusLength >= 2048 && modulusLength <= 4096)
  if (!accepted) throw refused(`a key of type ${type} ${namedCurve || modulusLength || ''}`.trim())
}

/** Signature algorithms by the hexadecimal content of their object identifier. */
const DIGESTS: Readonly<Record<string, string | null>> = {
  '2a8648ce3d040302': 'sha256', // ecdsa-with-SHA256
  '2a8648ce3d040303': 'sha384', // ecdsa-with-SHA384
  '2a864886f70d01010b': 'sha256', // sha256WithRSAEncryption
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2b6570': null, // Ed25519 hashes by itself
}

function digestOf(algorithm: string): string | null {
  const digest = DIGESTS[algorithm]
  if (digest === undefined) throw refused('an unknown signature algorithm')
  return digest
}
