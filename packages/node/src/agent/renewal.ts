/** The node's own certificate is renewed at half of its life, over the connection that the old one still proves. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { chmod, readFile, rename } from 'node:fs/promises'
import { messageOf, writeFileAtomic } from '@slapos/base'
import { createCertificateRequest } from '@slapos/base/csr.ts'
import type { NodeConfig } from '../config/config.ts'
import type { MasterLink } from '../link/link.ts'
import { type Outcome, ok } from '../link/outcome.ts'

export type RenewalConfig = Pick<NodeConfig, 'computerId' | 'keyFile' | 'certFile' | 'caFile'>

/** Whether half of the certificate's life is over. `now`: wall clock, milliseconds. Pure. */
export function renewalDue(certificate: string, now: number): boolean {
  const { validFromDate, validToDate } = new X509Certificate(certificate)
  return now > (validFromDate.getTime() + validToDate.getTime()) / 2
}

/** True: the files are new ones, and the next connection uses them. A Master that cannot renew is left alone. */
export async function renewCertificate(
  { computerId, keyFile, certFile, caFile }: RenewalConfig,
  link: MasterLink,
  now: number,
): Promise<Outcome<boolean>> {
  if (keyFile === undefined || certFile === undefined || !link.renewCertificate) return ok(false)
  if (!renewalDue(await readFile(certFile, 'utf8'), now)) return ok(false)
  const before = createPrivateKey(await readFile(keyFile, 'utf8'))
  // Keys that a Master made, for clients that make none themselves, are replaced by one that never left this machine.
  const key = isOurs(before) ? before : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const answer = await link.renewCertificate(createCertificateRequest(key, computerId))
  if (answer.kind !== 'ok') return answer
  const { certificate, ca } = answer.value
  try {
    check(certificate, key, now)
  } catch (error) {
    return { kind: 'failed', reason: `it sent a certificate that does not serve: ${messageOf(error)}`, missing: false }
  }
  if (caFile !== undefined && ca !== '') await writeFileAtomic(caFile, ca, { mode: 0o644 })
  if (key === before) {
    await writeFileAtomic(certFile, certificate, { mode: 0o600 })
    return ok(true)
  }
  // Two files cannot change at one instant: both lie there complete before the first takes its place.
  const [newKey, newCertificate] = [`${keyFile}.new`, `${certFile}.new`]
  await writeFileAtomic(newKey, key.export({ type: 'pkcs8', format: 'pem' }).toString(), { mode: 0o600 })
  await writeFileAtomic(newCertificate, certificate, { mode: 0o600 })
  await finishRenewal({ keyFile, certFile })
  return ok(true)
}

/** Completes a renewal that was cut between its two renames. */
export async function finishRenewal({ keyFile, certFile }: Pick<RenewalConfig, 'keyFile' | 'certFile'>): Promise<void> {
  if (keyFile === undefined || certFile === undefined) return
  const present = await readFile(`${certFile}.new`, 'utf8').catch(() => undefined)
  if (present === undefined) return
  const replaced = await rename(`${keyFile}.new`, keyFile).then(
    () => true,
    () => false,
  )
  const key = createPrivateKey(await readFile(keyFile, 'utf8'))
  if (!replaced && !new X509Certificate(present).checkPrivateKey(key)) return
  await rename(`${certFile}.new`, certFile)
  await chmod(certFile, 0o600)
}

const isOurs = (key: KeyObject): boolean => key.asymmetricKeyDetails?.namedCurve === 'prime256v1'

function check(certificate: string, key: KeyObject, now: number): void {
  const parsed = new X509Certificate(certificate)
  if (!parsed.checkPrivateKey(key)) throw new Error('it is not for the key of this node')
  if (parsed.validToDate.getTime() <= now) throw new Error('it has expired')
}
