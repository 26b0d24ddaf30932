import { readFile, realpath, stat } from 'node:fs/promises'
import { isAbsolute, resolve as resolvePath, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { messageOf } from '@slapos/base'
import { masterErrors } from '../errors.ts'
import { exchange, type OutgoingPolicy, outgoingPolicy, Refusal } from '../outgoing/index.ts'

/** From where the Master fetches what people name by URL. */
export interface FetchPolicy {
  /** Directories (real paths) below which `file:` URLs and absolute paths are read: local mode. */
  readonly allowedRoots: readonly string[]
  /** Also plain http, and addresses that are not public. For tests and closed networks. */
  readonly allowPrivate: boolean
  readonly maxBytes: number
  readonly timeoutMs: number
  /** Replaces parts of how the web is reached. */
  readonly outgoing?: Partial<OutgoingPolicy>
}

const DEFAULTS: FetchPolicy = { allowedRoots: [], allowPrivate: false, maxBytes: 2_000_000, timeoutMs: 15_000 }
const MOST_REDIRECTS = 5

/** Answers the text behind a URL; undefined when there is nothing. Throws FETCH_REFUSED or FETCH_FAILED. */
export type Fetcher = (url: string) => Promise<string | undefined>

export function createFetcher(options: Partial<FetchPolicy> = {}): Fetcher {
  const policy = { ...DEFAULTS, ...options }
  return async (url) => {
    const path = localPath(url)
    return path === undefined ? fromWeb(url, policy) : fromDirectory(url, path, policy)
  }
}

/** The path of a `file:` URL or of an absolute path; undefined: it is on the web. */
export function localPath(url: string): string | undefined {
  if (isAbsolute(url)) return url
  if (!url.startsWith('file:')) return undefined
  try {
    return fileURLToPath(url)
  } catch (error) {
    throw masterErrors.FETCH_REFUSED({ url, reason: 'it is not a local file URL' }, error)
  }
}

async function fromDirectory(url: string, path: string, policy: FetchPolicy): Promise<string | undefined> {
  if (policy.allowedRoots.length === 0) {
    throw masterErrors.FETCH_REFUSED({ url, reason: 'this Master reads no releases from its own disk' })
  }
  // What does not exist is judged by its name: nobody learns what lies outside.
  const real = await realpath(path).catch(() => undefined)
  const judged = real ?? resolvePath(path)
  const roots = await Promise.all(policy.allowedRoots.map((root) => realpath(root).catch(() => root)))
  if (!roots.some((root) => judged === root || judged.startsWith(root.endsWith(sep) ? root : root + sep))) {
    throw masterErrors.FETCH_REFUSED({ url, reason: 'it is outside the directories of releases' })
  }
  if (real === undefined) return undefined
  const { size } = await stat(real)
  if (size > policy.maxBytes) throw tooLarge(url, policy)
  return readFile(real, 'utf8')
}

async function fromWeb(url: string, policy: FetchPolicy): Promise<string | undefined> {
  const outgoing = outgoingPolicy(policy.allowPrivate, { maxBytes: policy.maxBytes, ...policy.outgoing })
  const signal = AbortSignal.timeout(policy.timeoutMs)
  const headers = { accept: 'application/json, */*' }
  let target = url
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    // Every hop is judged: a public page must not lead the Master into its own network.
    const { status, location, body } = await exchange({ url: target, headers, signal }, outgoing).catch(
      refusing(target),
    )
    if (status >= 300 && status < 400 && location !== undefined && URL.canParse(location, target)) {
      target = new URL(location, target).href
      continue
    }
    if (status === 404 || status === 410) return undefined
    if (status < 200 || status >= 300) throw masterErrors.FETCH_FAILED({ url, reason: `it answers ${status}` })
    return body
  }
  throw masterErrors.FETCH_FAILED({ url, reason: 'it redirects too often' })
}

const refusing = (url: string) => (error: unknown) => {
  if (error instanceof Refusal) throw masterErrors.FETCH_REFUSED({ url, reason: error.message }, error)
  throw masterErrors.FETCH_FAILED({ url, reason: reasonOf(error) }, error)
}

const tooLarge = (url: string, { maxBytes }: FetchPolicy) =>
  masterErrors.FETCH_REFUSED({ url, reason: `it is larger than ${maxBytes} bytes` })

const reasonOf = (error: unknown): string =>
  error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
    ? 'it does not answer in time'
    : messageOf(error)
