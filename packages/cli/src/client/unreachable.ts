import { messageOf } from '@slapos/base'
import type { Io } from '../io.ts'

const WAIT_MS = 3_000

/**
 * Why a release on the web cannot be fetched from here; undefined when it can, or when nobody can tell: it is no web
 * address, or a proxy stands between. A node elsewhere may reach what we cannot, so this is only ever a warning.
 */
export async function unreachable(io: Io, release: string): Promise<string | undefined> {
  if (!/^https?:/i.test(release) || throughProxy(io)) return undefined
  try {
    const response = await fetch(release, { method: 'HEAD', signal: AbortSignal.timeout(WAIT_MS) })
    await response.body?.cancel()
    return response.status === 404 || response.status === 410 ? `it answers ${response.status}` : undefined
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${WAIT_MS / 1000} s`
    return reasonOf(error)
  }
}

/** `fetch` says only "fetch failed"; its causes say why. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  return error instanceof Error && error.cause !== undefined ? reasonOf(error.cause) : messageOf(error)
}

const throughProxy = ({ environment }: Io): boolean =>
  ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].some((name) => environment[name])
