import { hkdfSync } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** Largest multiple of the alphabet's size in a byte: what is above would make some letters likelier. */
const FAIR = 256 - (256 % ALPHABET.length)

/**
 * A secret of `length` letters and digits, derived from the instance's seed (HKDF-SHA256): the same name gives the
 * same secret for the whole life of the instance, another instance gives another.
 */
export function deriveSecret(seed: string, name: string, length: number): string {
  if (!Number.isInteger(length) || length < 8 || length > 256) {
    throw new Error(`secret ${name}: the length must be from 8 to 256, not ${length}`)
  }
  let secret = ''
  for (let block = 0; secret.length < length; block++) {
    const bytes = hkdfSync('sha256', Buffer.from(seed, 'hex'), '', `slapos instance secret ${block} ${name}`, 256)
    for (const byte of new Uint8Array(bytes)) if (byte < FAIR) secret += ALPHABET[byte % ALPHABET.length]
  }
  return secret.slice(0, length)
}
