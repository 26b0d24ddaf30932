import type { Credentials, Tokens } from '../../identity/identity.ts'
import type { Enrolment } from '../../identity/tokens/enrolment.ts'

export interface RegistrationOptions {
  readonly enrolment: Enrolment
  /** For machines that register with a person's name and password instead of a token. */
  readonly credentials: Pick<Credentials, 'verify'>
  readonly tokens: Pick<Tokens, 'create'>
  /** URL of the API that the new certificate is for. */
  masterUrl(): string
}
