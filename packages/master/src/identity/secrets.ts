import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits, in text that fits a header, a cookie and a URL. */
export const newSecret = (): string => randomBytes(32).toString('hex')

/** A short public name for a row (not a secret), in letters that no command line takes for an option. */
export const newId = (): string => randomBytes(9).toString('hex')

/**
 * What the database keeps of a secret that we made. Such secrets have 128 bits or more of their own, so one SHA-256
 * is enough; passwords, which people make, go through argon2id.
 */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')
