import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { rootCertificates } from 'node:tls'

const MOST_LINKS = 10

/**
 * Whether a chain (PEM, leaf first) leads to an authority that every machine knows, and is for this host: then a machine
 * needs to be told of no authority of ours to fetch from there.
 */
export function publiclyTrusted(chain: string, host: string, roots: readonly string[] = rootCertificates): boolean {
  const blocks = chain.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  const links = blocks.slice(0, MOST_LINKS).map((pem) => new X509Certificate(pem))
  const [leaf] = links
  const named = isIP(host) === 0 ? leaf?.checkHost(host) : leaf?.checkIP(host)
  if (leaf === undefined || named === undefined) return false
  for (const [index, link] of links.entries()) {
    if (signedByOne(link, roots)) return true
    const next = links[index + 1]
    if (next === undefined || !signs(next, link)) return false
  }
  return false
}

const signs = (issuer: X509Certificate, link: X509Certificate): boolean =>
  issuer.ca && link.checkIssued(issuer) && link.verify(issuer.publicKey)

function signedByOne(link: X509Certificate, roots: readonly string[]): boolean {
  return roots.some((pem) => signs(new X509Certificate(pem), link))
}
