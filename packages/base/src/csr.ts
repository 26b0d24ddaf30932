import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import { der, integer, oid, pem, sequence, TAG } from './der.ts'

/** ecdsa-with-SHA256, the signature of every P-256 key here (RFC 5758). */
export const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))

/**
 * A PKCS #10 certificate request (RFC 2986), PEM, for an EC P-256 private key. The Master takes nothing but the public
 * key from it, so the name serves people who look at it.
 */
export function createCertificateRequest(privateKey: KeyObject, commonName: string): string {
  const publicKey = createPublicKey(privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const name = sequence(der(TAG.set, sequence(oid('2.5.4.3'), der(TAG.utf8, Buffer.from(commonName)))))
  const info = sequence(
    integer(Buffer.from([0])),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    Buffer.from([0xa0, 0x00]), // no attributes
  )
  const signature = sign('sha256', info, privateKey)
  return pem('CERTIFICATE REQUEST', sequence(info, ECDSA_SHA256, der(TAG.bitString, Buffer.from([0]), signature)))
}
