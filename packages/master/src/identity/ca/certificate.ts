import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto'
import { ECDSA_SHA256 } from '@slapos/base/csr.ts'
import { der, integer, pem, sequence, TAG } from '@slapos/base/der.ts'
import { encodeName, type Name } from './name.ts'

export interface CertificateInput {
  readonly subject: Name
  readonly publicKey: KeyObject
  readonly issuer: Name
  /** EC P-256. */
  readonly issuerKey: KeyObject
  /** Milliseconds since the epoch; seconds are what remains. */
  readonly notBefore: number
  readonly notAfter: number
  readonly extensions: readonly Uint8Array[]
}

export interface SignedCertificate {
  readonly pem: string
  /** SHA-256 of the DER, lower-case hexadecimal. */
  readonly fingerprint: string
  /** Upper-case hexadecimal, as OpenSSL prints it. */
  readonly serial: string
  readonly notBefore: number
  readonly notAfter: number
}

/** An X.509 v3 certificate (RFC 5280 §4.1) with a random serial of 127 bits. */
export function signCertificate(input: CertificateInput): SignedCertificate {
  const serial = randomBytes(16)
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40, 0) // positive, and always 16 bytes
  const version3 = der(0xa0, integer(Buffer.from([2])))
  const body = sequence(
    version3,
    integer(serial),
    ECDSA_SHA256,
    encodeName(input.issuer),
    sequence(time(input.notBefore), time(input.notAfter)),
    encodeName(input.subject),
    input.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...input.extensions)),
  )
  const bits = der(TAG.bitString, Buffer.from([0]), sign('sha256', body, input.issuerKey))
  const whole = sequence(body, ECDSA_SHA256, bits)
  return {
    pem: pem('CERTIFICATE', whole),
    fingerprint: createHash('sha256').update(whole).digest('hex'),
    serial: serial.toString('hex').toUpperCase(),
    notBefore: input.notBefore,
    notAfter: input.notAfter,
  }
}

/** UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5). */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]/g, '').slice(0, 14)
  return digits < '2050'
    ? der(TAG.utcTime, Buffer.from(`${digits.slice(2)}Z`))
    : der(TAG.generalizedTime, Buffer.from(`${digits}Z`))
}
