import { lookup } from 'node:dns/promises'
import { readFile, realpath, stat } from 'node:fs/promises'
import { BlockList, isIP } from 'node:net'
import { isAbsolute, resolve as resolvePath, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { masterErrors } from '../errors.ts'

/** From where the Master fetches what people name by URL. */
export interface FetchPolicy {
  /** Directories (real paths) below which `file:` URLs and absolute paths are read: local mode. */
  readonly allowedRoots: readonly string[]
  /** Also plain http, and addresses that are not public. For tests and closed networks. */
  readonly allowPrivate: boolean
  readonly maxBytes: number
  readonly timeoutMs: number
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
  const signal = AbortSignal.timeout(policy.timeoutMs)
  let target = url
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    await checkTarget(target, policy)
    let response: Response
    try {
      response = await fetch(target, { redirect: 'manual', signal, headers: { accept: 'application/json, */*' } })
    } catch (error) {
      throw masterErrors.FETCH_FAILED({ url, reason: reasonOf(error) }, error)
    }
    const location = response.headers.get('location')
    if (response.status >= 300 && response.status < 400 && location) {
      await response.body?.cancel()
      target = new URL(location, target).href
      continue
    }
    if (response.status === 404 || response.status === 410) {
      await response.body?.cancel()
      return undefined
    }
    if (!response.ok) {
      await response.body?.cancel()
      throw masterErrors.FETCH_FAILED({ url, reason: `it answers ${response.status}` })
    }
    return bounded(url, response, policy)
  }
  throw masterErrors.FETCH_FAILED({ url, reason: 'it redirects too often' })
}

async function bounded(url: string, response: Response, policy: FetchPolicy): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.length
      if (size > policy.maxBytes) throw tooLarge(url, policy)
      chunks.push(chunk)
    }
  } catch (error) {
    if (size > policy.maxBytes) throw error
    throw masterErrors.FETCH_FAILED({ url, reason: reasonOf(error) }, error)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Every hop is checked: a public page must not lead the Master into its own network. */
async function checkTarget(url: string, policy: FetchPolicy): Promise<void> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const schemes = policy.allowPrivate ? ['https:', 'http:'] : ['https:']
  if (!parsed || !schemes.includes(parsed.protocol)) {
    throw masterErrors.FETCH_REFUSED({ url, reason: `only ${schemes.join(' and ')} addresses are fetched` })
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw masterErrors.FETCH_REFUSED({ url, reason: 'it holds credentials' })
  }
  if (policy.allowPrivate) return
  const host = parsed.hostname.replace(/^\[|\]$/g, '')
  const addresses = isIP(host) ? [host] : await resolve(url, host)
  if (addresses.some(isPrivate)) throw masterErrors.FETCH_REFUSED({ url, reason: `${host} is not a public address` })
}

async function resolve(url: string, host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch (error) {
    throw masterErrors.FETCH_FAILED({ url, reason: `${host} has no address` }, error)
  }
}

const PRIVATE = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  PRIVATE.addSubnet(net, bits, 'ipv4')
}
for (const [net, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
  ['64:ff9b::', 96],
  ['2002::', 16],
] as const) {
  PRIVATE.addSubnet(net, bits, 'ipv6')
}

/** Mapped IPv4 addresses count as what they map to. */
export function isPrivate(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return isPrivate(mapped)
  return PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

const tooLarge = (url: string, { maxBytes }: FetchPolicy) =>
  masterErrors.FETCH_REFUSED({ url, reason: `it is larger than ${maxBytes} bytes` })

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'it does not answer in time'
  return error.cause instanceof Error ? error.cause.message : error.message
}
