/** Rows of `identity/`. Moments are wall-clock milliseconds; hashes and fingerprints are lower-case hexadecimal. */
import type { Flag } from './domain.ts'

export interface CertificateTable {
  /** SHA-256 of the certificate. */
  readonly fingerprint: string
  readonly serial: string
  readonly kind: 'person' | 'computer' | 'instance'
  readonly subject: string
  /** SHA-256 of the public key. */
  readonly key_fingerprint: string
  readonly issued: number
  readonly expires: number
  readonly contacted: number | null
  readonly revoked: number | null
  /** 1: its first contact revokes the subject's other certificates. */
  readonly replaces: Flag
  /** The token that it was delivered for, burnt at first contact. */
  readonly token: string | null
}

/** Pairs that the Master made for classic nodes to hand to their instances. */
export interface InstancePairTable {
  readonly instance: string
  readonly fingerprint: string
  readonly certificate: string
  readonly private_key: string
}

export interface TokenTable {
  readonly id: string
  readonly hash: string
  readonly hint: string
  readonly purpose: 'computer' | 'person' | 'invitation'
  readonly person: string
  readonly project: string | null
  readonly role: string | null
  readonly created: number
  readonly expires: number
  /** `key:SHA-256` or `title:ADDRESS:TITLE` of the only machine that may use it from now on. */
  readonly binding: string | null
  readonly bound: number | null
  readonly computer: string | null
  readonly burnt: number | null
  readonly revoked: number | null
}

export interface CredentialTable {
  readonly person: string
  /** Unique log-in name. */
  readonly login: string
  readonly password: string
  readonly totp_secret: string | null
  /** 1 once confirmed. */
  readonly totp_active: Flag
  /** Last accepted time step: a code works once. */
  readonly totp_step: number
  /** Hashes of the recovery codes that are left. */
  readonly recovery_json: string
  readonly changed: number
}

export interface SessionTable {
  readonly id: string
  readonly hash: string
  readonly csrf: string
  readonly person: string
  readonly created: number
  readonly seen: number
  readonly expires: number
  readonly address: string
  readonly user_agent: string
}

export interface ApiTokenTable {
  readonly id: string
  readonly hash: string
  readonly person: string
  readonly title: string
  readonly scope: 'read' | 'write' | 'admin'
  readonly project: string | null
  readonly created: number
  readonly expires: number
  readonly used: number | null
}

/** An address at which programs that read news see what is of a person. */
export interface FeedTable {
  readonly id: string
  readonly hash: string
  readonly person: string
  readonly title: string
  readonly created: number
  readonly used: number | null
}

export interface IdentityTables {
  certificate: CertificateTable
  instance_pair: InstancePairTable
  token: TokenTable
  credential: CredentialTable
  session: SessionTable
  api_token: ApiTokenTable
  feed: FeedTable
}
