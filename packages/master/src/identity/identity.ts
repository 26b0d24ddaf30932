/**
 * Who is who: certificates, tokens, credentials, sessions. Nothing here decides what somebody may do; surfaces ask
 * `Cloud` for that, and check with it before they call the methods below in a person's name.
 */
import type { CertificatePair } from '@slapos/slap'
import type { Caller } from '../domain/cloud.ts'
import type { GrantScope } from '../domain/rights/grant.ts'

export interface Identity {
  readonly certificates: Certificates
  readonly tokens: Tokens
  readonly credentials: Credentials
  readonly sessions: Sessions
  readonly apiTokens: ApiTokens
  readonly feeds: Feeds
  /** PEM of the authorities to trust, root first: the public `/ca.crt`. */
  caBundle(): string
  /** The pin that tokens carry (see @slapos/slap/token.ts). */
  readonly pin: string
}

export type SubjectKind = 'person' | 'computer' | 'instance'

export interface CertificateRecord {
  /** SHA-256 of the certificate (DER), lower-case hexadecimal. */
  readonly fingerprint: string
  readonly serial: string
  readonly kind: SubjectKind
  /** Reference of the person, computer or instance. */
  readonly subject: string
  readonly issued: number
  readonly expires: number
  /** First request made with it; undefined: delivered, never used. */
  readonly contacted: number | undefined
  readonly revoked: number | undefined
}

export interface IssuedCertificate {
  readonly record: CertificateRecord
  /** Leaf, then the issuing authority. */
  readonly certificate: string
  /** Authorities to trust, root first. */
  readonly ca: string
}

export interface Certificates {
  /** The owner of an active certificate of ours; undefined when unknown, revoked or expired. In memory. */
  find(fingerprint: string): Caller | undefined
  /**
   * Signs a request: only its public key is taken, the subject is ours. `replaces: 'all'` revokes the subject's other
   * certificates at the first contact of the new one (renewal); 'none' keeps them (a person's second machine).
   */
  sign(kind: SubjectKind, subject: string, csr: string, replaces: 'all' | 'none'): Promise<IssuedCertificate>
  /** For classic clients: the Master makes the key too. `certificate` is text in the form that they parse, then PEM. */
  issuePair(kind: SubjectKind, subject: string): Promise<CertificatePair & { readonly record: CertificateRecord }>
  /** The pair of an instance, made on first demand and kept while the instance lives. */
  ofInstance(instance: string): Promise<CertificatePair>
  list(kind: SubjectKind, subject: string): Promise<readonly CertificateRecord[]>
  listAll(kind: SubjectKind): Promise<readonly CertificateRecord[]>
  /** Cuts it off at once, on open connections too. */
  revoke(fingerprint: string): Promise<void>
  /** Every certificate of a subject. Answers how many were active. */
  revokeSubject(kind: SubjectKind, subject: string): Promise<number>
}

export type TokenPurpose = 'computer' | 'person' | 'invitation'
export type TokenState = 'unused' | 'in-use' | 'used' | 'expired' | 'revoked'

export interface TokenRecord {
  readonly id: string
  /** First characters of the text, to tell tokens apart in a list. */
  readonly hint: string
  readonly purpose: TokenPurpose
  /** Who made it, and in whose name it acts. */
  readonly person: string
  readonly project: string | undefined
  /** Role that an invitation gives. */
  readonly role: string | undefined
  readonly created: number
  readonly expires: number
  readonly state: TokenState
  /** The computer that it made, once there is one. */
  readonly computer: string | undefined
}

export interface NewToken {
  readonly purpose: TokenPurpose
  readonly person: string
  readonly project?: string
  readonly role?: string
  /** Default: one day; invitations: seven. */
  readonly lifeMs?: number
}

export interface Tokens {
  /** `token` is shown once; the database keeps its hash. */
  create(input: NewToken): Promise<{ readonly token: string; readonly record: TokenRecord }>
  get(id: string): Promise<TokenRecord | undefined>
  /** Newest first. */
  list(
    by: 'all' | { readonly projects: readonly string[] } | { readonly person: string },
  ): Promise<readonly TokenRecord[]>
  revoke(id: string): Promise<void>
  /** Looks at an invitation without using it. Throws TOKEN_REFUSED. */
  inspect(token: string, purpose: TokenPurpose): Promise<TokenRecord>
  /** Uses an invitation up; of two at once exactly one gets it. Throws TOKEN_REFUSED. */
  redeem(token: string, purpose: 'invitation'): Promise<TokenRecord>
}

export interface Credentials {
  /** What `set` would refuse by itself. Throws LOGIN_MALFORMED, PASSWORD_WEAK. */
  check(login: string, password: string): void
  /** Sets or replaces log-in name and password (set-up, invitation, administrator). Throws LOGIN_TAKEN, PASSWORD_WEAK. */
  set(person: string, login: string, password: string): Promise<void>
  /** The person changes it himself; ends his other sessions. Throws PASSWORD_WRONG, PASSWORD_WEAK. */
  change(person: string, current: string, next: string, keepSession?: string): Promise<void>
  loginOf(person: string): Promise<LoginOf | undefined>
  /** Removes the credential, ends every session and API token (a person who leaves). */
  remove(person: string): Promise<void>
  /**
   * Checks name, password and, when the person has it, the one-time code. Throws LOGIN_REFUSED (401, same words
   * whether the name exists or not), CODE_NEEDED (401) or LOGIN_TOO_OFTEN (429). Answers the person.
   */
  verify(attempt: LoginAttempt): Promise<string>
  /** `uri` is what authenticator programs scan. Not active until confirmed. Throws TOTP_ON: first turn them off. */
  beginTotp(person: string): Promise<{ readonly secret: string; readonly uri: string }>
  /** Answers the recovery codes: each is good for one log-in in place of a code. */
  confirmTotp(person: string, code: string): Promise<readonly string[]>
  disableTotp(person: string, password: string): Promise<void>
}

export interface LoginOf {
  readonly login: string
  readonly totp: boolean
  /** How many are left. */
  readonly recoveryCodes: number
}

export interface LoginAttempt {
  readonly login: string
  readonly password: string
  readonly code?: string
  /** Where it comes from; failures are counted per name and per address. */
  readonly address: string
}

export interface SessionRecord {
  readonly id: string
  readonly person: string
  readonly created: number
  readonly seen: number
  readonly expires: number
  readonly address: string
  readonly userAgent: string
}

export interface Sessions {
  /** `secret` is the cookie's value: 256 random bits. `csrf` is what writes must send back in `X-CSRF-Token`. */
  open(input: { person: string; address: string; userAgent: string }): Promise<OpenedSession>
  /** In memory after the first time. Undefined: unknown, expired or revoked. */
  find(secret: string): Promise<{ readonly session: SessionRecord; readonly csrf: string } | undefined>
  list(person: string): Promise<readonly SessionRecord[]>
  /** No effect when it is not this person's. */
  revoke(person: string, id: string): Promise<void>
  revokeAll(person: string, except?: string): Promise<void>
}

export interface OpenedSession {
  readonly secret: string
  readonly csrf: string
  readonly session: SessionRecord
}

/** An address at which programs that read news see what is of a person. */
export interface FeedRecord {
  readonly id: string
  readonly person: string
  readonly title: string
  readonly created: number
  readonly used: number | undefined
}

export interface Feeds {
  /** `secret` (`feed_<64 hex>`) is shown once. */
  create(person: string, title: string): Promise<{ readonly secret: string; readonly record: FeedRecord }>
  /** Undefined: unknown or revoked, or its person is gone. */
  find(secret: string): Promise<FeedRecord | undefined>
  list(person: string): Promise<readonly FeedRecord[]>
  revoke(person: string, id: string): Promise<void>
}

export type ApiScope = GrantScope

export interface ApiTokenRecord {
  readonly id: string
  readonly person: string
  readonly title: string
  readonly scope: ApiScope
  /** Only this project, when set. */
  readonly project: string | undefined
  readonly created: number
  readonly expires: number
  readonly used: number | undefined
}

export interface ApiTokens {
  /** `secret` (`slapos_<64 hex>`) is shown once. */
  create(input: {
    person: string
    title: string
    scope: ApiScope
    project?: string
    lifeMs: number
  }): Promise<{ readonly secret: string; readonly record: ApiTokenRecord }>
  /** For `Authorization: Bearer`. Undefined: unknown, expired or revoked. */
  find(secret: string): Promise<ApiTokenRecord | undefined>
  list(person: string): Promise<readonly ApiTokenRecord[]>
  revoke(person: string, id: string): Promise<void>
}
