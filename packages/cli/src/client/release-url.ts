import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cliErrors } from '../errors.ts'
import type { ClientSession } from './session.ts'

export interface ResolveOptions {
  /** Release directories of this machine must be there: something is to be built from them. */
  readonly mustExist: boolean
}

/**
 * The release that a person means: a URL, a directory of this machine (also a relative one), `product.NAME` as in the
 * existing client (newest release of that product), or the bare name of a product of the catalogue.
 */
export async function resolveRelease(
  session: ClientSession,
  word: string,
  { mustExist }: ResolveOptions,
): Promise<string> {
  if (isLocal(word)) {
    const path = word.startsWith('file:') ? filePath(word) : resolve(word.replace(/^~(?=\/|$)/, homedir()))
    if (mustExist && !existsSync(path)) throw cliErrors.RELEASE_ABSENT({ path })
    return word.startsWith('file:') ? word : path
  }
  if (/^[a-z][a-z0-9+.-]*:/i.test(word)) return word
  const product = word.replace(/^product\./, '')
  const [newest] = await session.slap.releases({ product })
  if (newest === undefined) throw cliErrors.UNKNOWN_PRODUCT({ product })
  return newest
}

/** Names of products have no slash. */
const isLocal = (word: string): boolean =>
  word.startsWith('file:') || /^[~/.]/.test(word) || (word.includes('/') && !/^[a-z][a-z0-9+.-]*:/i.test(word))

function filePath(url: string): string {
  try {
    return fileURLToPath(url)
  } catch (error) {
    throw cliErrors.RELEASE_ABSENT({ path: url }, error)
  }
}
