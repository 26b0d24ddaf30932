import { argon2, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { Mutex } from '@slapos/base'

/** argon2id (RFC 9106), 64 MiB, three passes, one lane: about 0.2 s of one core; OWASP asks for a third of it. */
const COST = { memory: 65_536, passes: 3, parallelism: 1 } as const
const KEY_BYTES = 32

/** One derivation at a time: a flood of attempts costs time, never memory. */
const oneAtATime = new Mutex()

/** `$argon2id$v=19$m=KiB,t=PASSES,p=LANES$salt$hash`, as other programs write it too. */
export async function hashPassword(password: string, cost: Cost = COST): Promise<string> {
  const salt = randomBytes(16)
  const key = await oneAtATime.run(() => argon2id(password, salt, cost))
  return `${head(cost)}${unpadded(salt)}$${unpadded(key)}`
}

/**
 * Constant-time comparison. `undefined` (nobody has that name) takes the same time and answers false, so that names
 * cannot be probed.
 */
export async function checkPassword(password: string, stored: string | undefined): Promise<boolean> {
  const parts = parse(stored ?? NOBODY)
  if (parts === undefined) return false
  const found = await oneAtATime.run(() => parts.derive(password))
  return stored !== undefined && parts.hash.length === found.length && timingSafeEqual(parts.hash, found)
}

/** True when the hash was made in a way that is no longer ours: it is remade at the next log-in. */
export const needsRehash = (stored: string): boolean => !stored.startsWith(head(COST))

interface Cost {
  /** KiB. */
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

interface ScryptCost {
  readonly N: number
  readonly r: number
  readonly p: number
}

interface Stored {
  readonly hash: Buffer
  readonly derive: (password: string) => Promise<Buffer>
}

const head = ({ memory, passes, parallelism }: Cost): string =>
  `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$`

const NOBODY = `${head(COST)}${'A'.repeat(22)}$${'A'.repeat(43)}`
const ARGON2 = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/
/** What earlier versions wrote: `scrypt$N$r$p$salt$hash`, base64url. */
const SCRYPT = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/

function parse(stored: string): Stored | undefined {
  const [, memory, passes, parallelism, salt = '', hash = ''] = ARGON2.exec(stored) ?? []
  if (memory !== undefined) {
    const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
    return {
      hash: Buffer.from(hash, 'base64'),
      derive: (password) => argon2id(password, Buffer.from(salt, 'base64'), cost),
    }
  }
  const [, n, r, p, saltBefore = '', hashBefore = ''] = SCRYPT.exec(stored) ?? []
  if (n === undefined) return undefined
  const cost = { N: Number(n), r: Number(r), p: Number(p) }
  return {
    hash: Buffer.from(hashBefore, 'base64url'),
    derive: (password) => scryptOf(password, Buffer.from(saltBefore, 'base64url'), cost),
  }
}

function argon2id(password: string, nonce: Buffer, cost: Cost): Promise<Buffer> {
  const message = Buffer.from(password.normalize('NFKC'))
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  argon2('argon2id', { ...cost, message, nonce, tagLength: KEY_BYTES }, (error, key) =>
    error ? reject(error) : resolve(key),
  )
  return promise
}

function scryptOf(password: string, salt: Buffer, cost: ScryptCost) {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const options = { ...cost, maxmem: 256 * cost.N * cost.r }
  scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)))
  return promise
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')
