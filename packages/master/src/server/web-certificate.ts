import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { type Clock, isSlapError, type Logger, messageOf } from '@slapos/base'
import type { ServerKeyPair } from '../identity/index.ts'
import { serverErrors } from './errors.ts'

/** Where the certificate of another authority is kept for the web side: PEM, the chain after the leaf. */
export interface WebCertificateFiles {
  readonly cert: string
  readonly key: string
}

export interface WebCertificate {
  current(): ServerKeyPair
  close(): void
}

export interface WebCertificateOptions extends WebCertificateFiles {
  readonly clock: Clock
  readonly logger: Logger
  /** The listener uses it from the next handshake on; open connections stay. */
  readonly onRenew: (pair: ServerKeyPair) => void
  readonly checkEveryMs?: number
}

/**
 * A certificate that somebody else renews (an ACME client): the files are looked at every few seconds, as such programs
 * exchange links rather than files. Throws WEB_CERTIFICATE_UNUSABLE at the start; later, what cannot be used is told in
 * the log, and the former pair stays.
 */
export async function openWebCertificate(options: WebCertificateOptions): Promise<WebCertificate> {
  const { logger, clock, onRenew, checkEveryMs = 5_000 } = options
  let seen = await stateOf(options)
  let pair = await readPair(options, clock)
  let looking = false
  const timer = setInterval(() => {
    if (looking) return
    looking = true
    look()
      .catch((error: unknown) => logger.error(messageOf(error)))
      .finally(() => {
        looking = false
      })
  }, checkEveryMs).unref()
  return { current: () => pair, close: () => clearInterval(timer) }

  async function look(): Promise<void> {
    const now = await stateOf(options)
    if (now === seen) return
    // Two files do not change at one instant: what does not fit now may fit when the other one is there, too.
    seen = now
    const found = await readPair(options, clock)
    if (found.cert === pair.cert && found.key === pair.key) return
    pair = found
    onRenew(pair)
    logger.info(`the web side shows the new certificate of ${options.cert}`)
  }
}

/** Changes when either file is written or exchanged, through links. */
async function stateOf({ cert, key }: WebCertificateFiles): Promise<string> {
  const states = await Promise.all(
    [cert, key].map((path) =>
      stat(path).then(
        ({ ino, size, mtimeMs }) => `${ino}:${size}:${mtimeMs}`,
        () => 'absent',
      ),
    ),
  )
  return states.join()
}

async function readPair(files: WebCertificateFiles, clock: Clock): Promise<ServerKeyPair> {
  let path = files.cert
  try {
    const cert = await readFile(path, 'utf8')
    const leaf = new X509Certificate(cert)
    const { validToDate } = leaf
    if (validToDate.getTime() <= clock.now()) throw unusable(`it ended on ${validToDate.toISOString().slice(0, 10)}`)
    path = files.key
    const key = await readFile(path, 'utf8')
    if (!leaf.checkPrivateKey(createPrivateKey(key))) throw unusable(`it is not the key of ${files.cert}`)
    return { cert, key }
  } catch (error) {
    throw isSlapError(error) ? error : unusable(messageOf(error), error)
  }

  function unusable(reason: string, cause?: unknown) {
    return serverErrors.WEB_CERTIFICATE_UNUSABLE({ path, reason }, cause)
  }
}
