import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { type Clock, type Logger, messageOf, writeFileAtomic } from '@slapos/base'
import type { Authority } from './authority.ts'
import { newEcKey, pemOfKey } from './keys.ts'

const DAY = 86_400_000
const LIFE = 365 * DAY
const RENEW_BEFORE = LIFE / 2
const CHECK_EVERY_MS = 3_600_000

export interface ServerKeyPair {
  readonly key: string
  /** Leaf, issuing authority, root: a new node finds the root that its token pins in the first handshake. */
  readonly cert: string
}

export interface ServerCertificate {
  current(): ServerKeyPair
  /** Renews when half of its life is over or the names changed. Called by a timer; answers whether it did. */
  renewIfDue(): Promise<boolean>
  /** Another key and certificate now: the present key may be known to others. */
  renew(): Promise<void>
  close(): void
}

export interface ServerCertificateOptions {
  readonly directory: string
  readonly authority: Authority
  /** Host names and addresses under which the Master is reached. */
  readonly names: readonly string[]
  readonly clock: Clock
  readonly logger: Logger
  /** Listeners swap their TLS context; open connections stay. */
  readonly onRenew: (pair: ServerKeyPair) => void
}

/** The Master's own TLS certificate, from its own authority, renewed without a restart. */
export async function openServerCertificate(options: ServerCertificateOptions): Promise<ServerCertificate> {
  const { authority, clock, logger } = options
  const path = join(options.directory, 'server.pem')
  const names = [...new Set(options.names)].sort()
  let pair = await load()
  if (pair === undefined || due(pair)) pair = await make()
  const timer = setInterval(() => {
    renewIfDue().catch((error: unknown) => logger.error(`cannot renew the server certificate: ${messageOf(error)}`))
  }, CHECK_EVERY_MS).unref()

  return { current: () => pair ?? unreachable(), renewIfDue, renew, close: () => clearInterval(timer) }

  async function renewIfDue(): Promise<boolean> {
    if (pair !== undefined && !due(pair)) return false
    await renew()
    return true
  }

  async function renew(): Promise<void> {
    pair = await make()
    logger.info('renewed the server certificate')
    options.onRenew(pair)
  }

  function due({ cert }: ServerKeyPair): boolean {
    const leaf = new X509Certificate(cert)
    return leaf.validToDate.getTime() - clock.now() < RENEW_BEFORE || !names.every((name) => covers(leaf, name))
  }

  async function load(): Promise<ServerKeyPair | undefined> {
    try {
      const text = await readFile(path, 'utf8')
      const leaf = new X509Certificate(text)
      const key = createPrivateKey(text)
      const ours = leaf.verify(new X509Certificate(authority.issuing).publicKey) && leaf.checkPrivateKey(key)
      return ours ? { key: pemOfKey(key), cert: chain(leaf.toString()) } : undefined
    } catch {
      return undefined // absent or unreadable: it is remade, nobody pins it
    }
  }

  async function make(): Promise<ServerKeyPair> {
    const key = pemOfKey(await newEcKey())
    const leaf = authority.issue({
      subject: { commonName: names[0] ?? 'slapos-master' },
      publicKey: createPublicKey(key),
      use: 'server',
      names,
      life: LIFE,
    })
    await writeFileAtomic(path, leaf.pem + key, { mode: 0o600 })
    return { key, cert: chain(leaf.pem) }
  }

  function chain(leaf: string): string {
    return `${leaf.trimEnd()}\n${authority.issuing}${authority.root}`
  }
}

const covers = (leaf: X509Certificate, name: string): boolean =>
  (isIP(name) === 0 ? leaf.checkHost(name, { subject: 'never' }) : leaf.checkIP(name)) !== undefined

function unreachable(): never {
  throw new Error('the server certificate is made before it is asked for')
}
