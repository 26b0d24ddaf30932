import { cliErrors } from '../errors.ts'
import type { ClientSession } from './session.ts'

/**
 * The release that a person means: a URL, `product.NAME` as in the existing client (newest release of that product), or
 * the bare name of a product of the catalogue.
 */
export async function resolveRelease(session: ClientSession, word: string): Promise<string> {
  if (/^([a-z][a-z0-9+.-]*:|\/|~)/i.test(word)) return word
  const product = word.replace(/^product\./, '')
  const [newest] = await session.slap.releases({ product })
  if (newest === undefined) throw cliErrors.UNKNOWN_PRODUCT({ product })
  return newest
}
