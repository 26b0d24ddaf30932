import { isSlapError } from '@slapos/base'
import { masterErrors } from '../errors.ts'
import type { Fetcher } from './fetch.ts'

const MOST_FILES = 100
const MOST_TEXT = 4_000_000

/** A file of schemas, by its address without fragment. */
export interface SchemaFile {
  readonly url: string
  readonly content: unknown
}

/** The schema files of one release: each is fetched once, and only from where the release itself is. */
export interface SchemaLibrary {
  /** Throws SCHEMA_REFUSED. */
  open(url: string): Promise<SchemaFile>
  /** Bundles together must stay small too: they are kept in the database. Throws SCHEMA_REFUSED. */
  spend(url: string, characters: number): void
}

/** @param home URL of the release's manifest: the host that schemas may come from. */
export function schemaLibrary(home: string, fetcher: Fetcher): SchemaLibrary {
  const files = new Map<string, Promise<SchemaFile>>()
  let read = 0
  let spent = 0

  async function fetchFile(url: string): Promise<SchemaFile> {
    const refused = (reason: string, cause?: unknown) => masterErrors.SCHEMA_REFUSED({ url, reason }, cause)
    const [own, host] = [placeOf(home), placeOf(url)]
    if (own !== host) throw refused(`it is at ${host}, and schemas are read from ${own} only, as the release`)
    if (files.size > MOST_FILES) throw refused(`the release has more than ${MOST_FILES} schema files`)
    const text = await fetcher(url).catch((error: unknown) => {
      throw refused(isSlapError(error) ? error.line : String(error), error)
    })
    if (text === undefined) throw refused('it does not exist')
    read += text.length
    if (read > MOST_TEXT) throw refused(`the schemas of the release are larger than ${MOST_TEXT} characters together`)
    try {
      return { url, content: JSON.parse(text) }
    } catch (error) {
      throw refused('it is not JSON', error)
    }
  }

  return {
    open(url) {
      const known = files.get(url)
      if (known) return known
      const file = fetchFile(url)
      files.set(url, file)
      return file
    },
    spend(url, characters) {
      spent += characters
      if (spent <= MOST_TEXT) return
      const reason = `the schemas of the release are larger than ${MOST_TEXT} characters with what they refer to`
      throw masterErrors.SCHEMA_REFUSED({ url, reason })
    },
  }
}

function placeOf(url: string): string {
  const { protocol, host } = new URL(url)
  return protocol === 'file:' ? 'the disk of the Master' : `${protocol}//${host}`
}
