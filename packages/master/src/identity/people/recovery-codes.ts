import { randomInt } from 'node:crypto'
import { hashSecret } from '../secrets.ts'

/** Without letters and digits that look alike on paper. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
const CODES = 10
const GROUPS = 4
const GROUP = 4

/** For somebody who lost his authenticator: `abcd-efgh-jkmn-pqrs`, 79 random bits each, shown once. */
export const newRecoveryCodes = (): readonly string[] =>
  Array.from({ length: CODES }, () => Array.from({ length: GROUPS }, group).join('-'))

/** Typed with or without hyphens and spaces, in any case. */
export const hashRecoveryCode = (code: string): string => hashSecret(code.toLowerCase().replace(/[\s-]/g, ''))

const group = (): string => Array.from({ length: GROUP }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('')
