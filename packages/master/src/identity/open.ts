import type { Clock, Logger } from '@slapos/base'
import type { Store } from '../store/index.ts'
import { type Authority, openAuthority } from './ca/authority.ts'
import { type CertificateIssuer, createCertificates } from './certificates/certificates.ts'
import { PeerConnections } from './certificates/peers.ts'
import type { Identity } from './identity.ts'
import { createApiTokens } from './people/api-tokens.ts'
import { createCredentials } from './people/credentials.ts'
import { createFeeds } from './people/feeds.ts'
import { createSessions } from './people/sessions.ts'
import type { Recorder } from './recorder.ts'
import { createTokens, type TokenKeeper } from './tokens/tokens.ts'

export interface IdentityOptions {
  readonly store: Store
  /** Holds the authority's keys. */
  readonly pkiDirectory: string
  readonly clock: Clock
  readonly logger: Logger
  /** Writes audit rows and events in the transaction of each change. */
  readonly record: Recorder
}

/** The whole of it, for the server's composition. */
export interface OpenedIdentity extends Identity {
  readonly certificates: CertificateIssuer
  readonly tokens: TokenKeeper
  readonly authority: Authority
  readonly peers: PeerConnections
  close(): Promise<void>
}

export async function openIdentity(options: IdentityOptions): Promise<OpenedIdentity> {
  const { store, clock, logger, record } = options
  const authority = await openAuthority(options.pkiDirectory, clock)
  const peers = new PeerConnections()
  const certificates = await createCertificates({ store, authority, peers, record, clock, logger })
  const sessions = createSessions({ store, record, clock })
  return Object.freeze({
    authority,
    peers,
    certificates,
    sessions,
    tokens: createTokens({ store, pin: authority.pin, record, clock }),
    credentials: createCredentials({ store, sessions, record, clock }),
    apiTokens: createApiTokens({ store, record, clock }),
    feeds: createFeeds({ store, record, clock }),
    pin: authority.pin,
    caBundle: () => authority.root,
    close: () => certificates.close(),
  })
}
