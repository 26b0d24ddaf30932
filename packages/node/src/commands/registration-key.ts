/**
 * The key of a registration under way. A Master binds a token to the first key that uses it; were the key only in
 * memory, an answer lost on its way would leave the token bound to a key that nobody has.
 */
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeFileAtomic } from '@slapos/base'

export interface RegistrationKey {
  readonly key: KeyObject
  /** PKCS #8, PEM. */
  readonly pem: string
  /** True: a registration with this token began before, here. */
  readonly begun: boolean
  /** To call when the key has found its place, or when its token is refused for good. */
  discard(): Promise<void>
}

/** The saved key of this token, or a new one, saved (0600) before it is answered. Without a token: never saved. */
export async function registrationKey(stateDirectory: string, token: string | undefined): Promise<RegistrationKey> {
  if (token === undefined) return { ...newKey(), begun: false, discard: async () => {} }
  const sum = createHash('sha256').update(token).digest('hex').slice(0, 16)
  const path = join(stateDirectory, 'registration', `${sum}.key`)
  const discard = () => rm(path, { force: true })
  const saved = await readKey(path)
  if (saved !== undefined) return { ...saved, begun: true, discard }
  const made = newKey()
  // Partitions' users pass through the state directory: only what holds the key is root's alone.
  await mkdir(stateDirectory, { recursive: true, mode: 0o755 })
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFileAtomic(path, made.pem, { mode: 0o600 })
  return { ...made, begun: false, discard }
}

function newKey(): { readonly key: KeyObject; readonly pem: string } {
  const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { key, pem: key.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

async function readKey(path: string): Promise<{ readonly key: KeyObject; readonly pem: string } | undefined> {
  const pem = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return pem === undefined ? undefined : { key: createPrivateKey(pem), pem }
}
