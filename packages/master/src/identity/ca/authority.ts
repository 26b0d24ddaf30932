import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, makeDirectory, messageOf, writeFileAtomic } from '@slapos/base'
import { identityErrors } from '../errors.ts'
import { type SignedCertificate, signCertificate } from './certificate.ts'
import * as extension from './extensions.ts'
import { newEcKey, pemOfKey } from './keys.ts'
import type { Name } from './name.ts'

const DAY = 86_400_000
const YEAR = 365.25 * DAY
const ROOT_LIFE = 30 * YEAR
const ISSUING_LIFE = 15 * YEAR
/** A new issuing authority is made while the present one can still sign the longest certificates for their whole life. */
const ISSUING_RENEWAL = 11 * YEAR
const ROOT_NAME: Name = { commonName: 'SlapOS root authority' }
const ISSUING_NAME: Name = { commonName: 'SlapOS issuing authority' }

export interface LeafInput {
  readonly subject: Name
  readonly publicKey: KeyObject
  readonly use: 'client' | 'server'
  /** Host names and addresses, for servers. */
  readonly names?: readonly string[]
  /** Milliseconds from now; cut at the authority's own end. */
  readonly life: number
}

/**
 * The certificate authority of a Master: an EC P-256 root, which may be taken off the machine (`root.key`), and an
 * issuing authority under it that signs everything else.
 */
export interface Authority {
  /** PEM of the root: what peers trust. */
  readonly root: string
  /** PEM of the issuing authority: sent after each leaf. */
  readonly issuing: string
  /** PEM of the root and of every issuing authority that there ever was: what client certificates chain to. */
  readonly trusted: readonly string[]
  /** First 128 bits of the root's SHA-256, hexadecimal. */
  readonly pin: string
  issue(input: LeafInput): SignedCertificate
}

/** Opens the authority kept under `directory`, and makes it the first time. Throws AUTHORITY_DAMAGED. */
export async function openAuthority(directory: string, clock: Clock): Promise<Authority> {
  await makeDirectory(directory, 0o700)
  const files = {
    root: join(directory, 'root.crt'),
    rootKey: join(directory, 'root.key'),
    // Key and certificate in one file: no crash can part them.
    issuing: join(directory, 'issuing.pem'),
    former: join(directory, 'former-issuing.pem'),
  }
  try {
    if ((await read(files.root)) === undefined) await makeRoot()
    const root = (await read(files.root)) ?? ''
    const rootKey = await read(files.rootKey)
    let issuing = await read(files.issuing)
    if (issuing === undefined || (rootKey !== undefined && remaining(certificatesIn(issuing)[0]) < ISSUING_RENEWAL)) {
      if (rootKey === undefined) throw new Error('root.key is away and there is no issuing authority')
      if (issuing !== undefined) await keepFormer(certificatesIn(issuing))
      issuing = await makeIssuing(root, createPrivateKey(rootKey))
    }
    return authorityOf(root, issuing, certificatesIn((await read(files.former)) ?? ''), clock)
  } catch (error) {
    throw identityErrors.AUTHORITY_DAMAGED({ path: directory, reason: messageOf(error) }, error)
  }

  function remaining(certificate = ''): number {
    return new X509Certificate(certificate).validToDate.getTime() - clock.now()
  }

  async function makeRoot(): Promise<void> {
    const key = await newEcKey()
    const now = clock.now()
    const certificate = signCertificate({
      subject: ROOT_NAME,
      issuer: ROOT_NAME,
      publicKey: createPublicKey(pemOfKey(key)),
      issuerKey: key,
      notBefore: now - DAY,
      notAfter: now + ROOT_LIFE,
      extensions: [
        extension.authority(),
        extension.signsCertificates(),
        extension.subjectKey(createPublicKey(pemOfKey(key))),
      ],
    })
    await writeFileAtomic(files.rootKey, pemOfKey(key), { mode: 0o600 })
    // Last: its presence says that the root is complete.
    await writeFileAtomic(files.root, certificate.pem, { mode: 0o644 })
  }

  async function makeIssuing(root: string, rootKey: KeyObject): Promise<string> {
    const key = await newEcKey()
    const publicKey = createPublicKey(pemOfKey(key))
    const parent = new X509Certificate(root)
    const now = clock.now()
    const certificate = signCertificate({
      subject: ISSUING_NAME,
      issuer: ROOT_NAME,
      publicKey,
      issuerKey: rootKey,
      notBefore: now - DAY,
      notAfter: Math.min(now + ISSUING_LIFE, parent.validToDate.getTime()),
      extensions: [
        extension.authority(0),
        extension.signsCertificates(),
        extension.subjectKey(publicKey),
        extension.authorityKey(parent.publicKey),
      ],
    })
    const text = certificate.pem + pemOfKey(key)
    await writeFileAtomic(files.issuing, text, { mode: 0o600 })
    return text
  }

  async function keepFormer(certificates: readonly string[]): Promise<void> {
    const known = certificatesIn((await read(files.former)) ?? '')
    await writeFileAtomic(files.former, [...new Set([...known, ...certificates])].join(''), { mode: 0o644 })
  }
}

function authorityOf(root: string, issuingText: string, former: readonly string[], clock: Clock): Authority {
  const issuing = certificatesIn(issuingText)[0] ?? ''
  const certificate = new X509Certificate(issuing)
  const key = createPrivateKey(issuingText)
  if (!certificate.checkPrivateKey(key)) throw new Error('the key of the issuing authority is another one')
  if (!certificate.verify(new X509Certificate(root).publicKey)) throw new Error('the root did not sign the issuing one')
  return Object.freeze({
    root,
    issuing,
    trusted: [root, issuing, ...former],
    pin: new X509Certificate(root).fingerprint256.replaceAll(':', '').slice(0, 32).toLowerCase(),
    issue({ subject, publicKey, use, names, life }: LeafInput) {
      const now = clock.now()
      return signCertificate({
        subject,
        publicKey,
        issuer: ISSUING_NAME,
        issuerKey: key,
        notBefore: now - DAY, // clocks of fresh machines are late
        notAfter: Math.min(now + life, certificate.validToDate.getTime()),
        extensions: [
          extension.endEntity(),
          extension.signsData(publicKey.asymmetricKeyType === 'rsa'),
          extension.purpose(use),
          extension.subjectKey(publicKey),
          extension.authorityKey(certificate.publicKey),
          ...(names && names.length > 0 ? [extension.alternativeNames(names)] : []),
        ],
      })
    },
  })
}

const certificatesIn = (text: string): string[] =>
  text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? []

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
