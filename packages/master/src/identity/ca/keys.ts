import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

const generate = promisify(generateKeyPair)

export const newEcKey = async (): Promise<KeyObject> => (await generate('ec', { namedCurve: 'P-256' })).privateKey

/** 2048 bits: what classic clients and the programs around them are known to take. */
export const newRsaKey = async (): Promise<KeyObject> => (await generate('rsa', { modulusLength: 2048 })).privateKey

/** PKCS #8 PEM, not encrypted: kept in files of mode 0600. */
export const pemOfKey = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()
