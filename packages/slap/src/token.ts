/**
 * Tokens as people copy them: `20261123-<32 hex>.<32 hex>`. The part before the dot is the secret that the Master
 * checks. The part after it pins the Master's authority: the first 128 bits of the SHA-256 of its root certificate (DER).
 *
 * A classic client sends the whole text in `X-Access-Token`, and the Master ignores the pin. Our node fetches
 * `ca.crt` (public, on the API and on the web side), keeps the certificate whose fingerprint begins with the pin, and
 * verifies every connection against it from then on, before the token leaves the machine.
 */
const TOKEN = /^(\d{8}-[0-9a-f]{32})(?:\.([0-9a-f]{32}))?$/i

export interface TokenText {
  /** What the Master looks up, in lower case. */
  readonly secret: string
  /** Start of the root certificate's SHA-256, lower-case hexadecimal; undefined in a token of another Master. */
  readonly pin: string | undefined
}

/** Undefined when the text is not in our form (tokens of other Masters have forms of their own). */
export function parseToken(text: string): TokenText | undefined {
  const match = TOKEN.exec(text.trim())
  if (!match?.[1]) return undefined
  return { secret: match[1].toLowerCase(), pin: match[2]?.toLowerCase() }
}

export const formatToken = (secret: string, pin: string): string => `${secret}.${pin}`
