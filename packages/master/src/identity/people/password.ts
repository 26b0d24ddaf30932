import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { Mutex } from '@slapos/base'

/** 64 MiB and about 0.2 s of one core: N 2^16, r 8, p 1 (RFC 7914; the profile that OWASP lists beside argon2id). */
const COST = { N: 65_536, r: 8, p: 1 } as const
const KEY_BYTES = 32

/** One derivation at a time: a flood of attempts costs time, never memory. */
const oneAtATime = new Mutex()

/** `scrypt$N$r$p$salt$hash`, base64url. */
export async function hashPassword(password: string, cost: Cost = COST): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, cost)
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/**
 * Constant-time comparison. `undefined` (nobody has that name) takes the same time and answers false, so that names
 * cannot be probed.
 */
export async function checkPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [scheme, n, r, p, salt = '', hash = ''] = (stored ?? NOBODY).split('$')
  if (scheme !== 'scrypt') return false
  const expected = Buffer.from(hash, 'base64url')
  const found = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(n), r: Number(r), p: Number(p) })
  return stored !== undefined && expected.length === found.length && timingSafeEqual(expected, found)
}

/** True when the hash was made with a cost that is no longer ours: it is remade at the next log-in. */
export const needsRehash = (stored: string): boolean => !stored.startsWith(`scrypt$${COST.N}$${COST.r}$${COST.p}$`)

interface Cost {
  readonly N: number
  readonly r: number
  readonly p: number
}

const NOBODY = `scrypt$${COST.N}$${COST.r}$${COST.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`

function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  const options: ScryptOptions = { ...cost, maxmem: 256 * cost.N * cost.r }
  return oneAtATime.run(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
          error ? reject(error) : resolve(key),
        )
      }),
  )
}
