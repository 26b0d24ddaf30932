import { createPublicKey } from 'node:crypto'
import { newRsaKey, pemOfKey } from '../ca/keys.ts'
import { keyFingerprint, readCertificateRequest } from '../ca/request.ts'
import type { CertificateIssuer } from '../certificates/certificates.ts'
import { classicText } from '../certificates/subject.ts'
import { identityErrors } from '../errors.ts'
import type { TokenKeeper } from './tokens.ts'

export interface Applicant {
  readonly token: string
  /** Absent for classic clients: the Master then makes the key. */
  readonly csr?: string
  /** From where it asks. */
  readonly address: string
}

export interface Enrolled {
  /** Reference of the computer or person. */
  readonly subject: string
  /** PEM; for classic clients preceded by the text that they parse. */
  readonly certificate: string
  /** Only for classic clients. */
  readonly key: string | undefined
  /** PEM of the root to trust. */
  readonly ca: string
}

export interface EnrolmentOptions {
  readonly tokens: TokenKeeper
  readonly certificates: CertificateIssuer
  /** Makes the computer, or finds the living one of that title in that project, in the person's name. */
  readonly createComputer: (input: { person: string; project: string | undefined; title: string }) => Promise<string>
}

/** Turns a token into a certificate. A repetition by the same machine gives the same computer, until first contact. */
export interface Enrolment {
  computer(applicant: Applicant & { readonly title: string }): Promise<Enrolled>
  person(applicant: Applicant): Promise<Enrolled>
}

export function createEnrolment({ tokens, certificates, createComputer }: EnrolmentOptions): Enrolment {
  /** Of classic clients that are being answered: two that ask at once are two, whatever their address and name. */
  const answering = new Set<string>()
  return {
    computer: ({ title, ...applicant }) =>
      alone(applicant, async () => {
        const requested = applicant.csr === undefined ? undefined : readCertificateRequest(applicant.csr)
        const binding = requested ? `key:${keyFingerprint(requested)}` : `title:${applicant.address}:${title}`
        const token = await tokens.bind(applicant.token, 'computer', binding, applicant.address)
        let computer = token.computer
        if (computer === null) {
          computer = await createComputer({ person: token.person, project: token.project ?? undefined, title })
        }
        const enrolled = await deliver('computer', computer, token.id, requested)
        // After the certificate: a name that is taken by an active machine leaves the token free for another name.
        if (token.computer === null) await tokens.assign(token.id, computer)
        return enrolled
      }),
    person: (applicant) =>
      alone(applicant, async () => {
        const requested = applicant.csr === undefined ? undefined : readCertificateRequest(applicant.csr)
        const binding = requested ? `key:${keyFingerprint(requested)}` : `title:${applicant.address}:`
        const token = await tokens.bind(applicant.token, 'person', binding, applicant.address)
        return deliver('person', token.person, token.id, requested)
      }),
  }

  /** A key tells machines apart; without one, only the first of those that ask at the same time is served. */
  async function alone<T>({ token, csr }: Applicant, work: () => Promise<T>): Promise<T> {
    if (csr !== undefined) return work()
    if (answering.has(token)) throw identityErrors.TOKEN_REFUSED({ reason: 'another machine is using it right now' })
    answering.add(token)
    return work().finally(() => answering.delete(token))
  }

  async function deliver(
    kind: 'computer' | 'person',
    subject: string,
    token: string,
    requested: ReturnType<typeof readCertificateRequest> | undefined,
  ): Promise<Enrolled> {
    if (requested) {
      const { certificate, ca } = await certificates.enrol({ kind, subject, key: requested, token, life: 'requested' })
      return { subject, certificate, key: undefined, ca }
    }
    const made = await newRsaKey()
    const key = createPublicKey(pemOfKey(made))
    const { certificate, ca } = await certificates.enrol({ kind, subject, key, token, life: 'pair' })
    return { subject, certificate: classicText(kind, subject, certificate), key: pemOfKey(made), ca }
  }
}
