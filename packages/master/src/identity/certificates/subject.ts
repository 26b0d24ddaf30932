import type { Name } from '../ca/name.ts'
import type { SubjectKind } from '../identity.ts'

/** Domain reserved for addresses that lead nowhere (RFC 2606): classic clients want an address in the subject. */
const MAIL_DOMAIN = 'slapos.invalid'

export const subjectName = (kind: SubjectKind, subject: string): Name => ({
  commonName: subject,
  email: `${kind}@${MAIL_DOMAIN}`,
})

/**
 * Classic clients read the computer's reference out of the text before the PEM: from the first `COMP-` to the
 * following `/email`. OpenSSL skips that text.
 */
export const classicText = (kind: SubjectKind, subject: string, pem: string): string =>
  `Subject: CN=${subject}/emailAddress=${kind}@${MAIL_DOMAIN}\n${pem}`
