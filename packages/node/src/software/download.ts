import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { messageOf } from '@slapos/base'
import type { BuildContext } from './context.ts'
import { buildErrors } from './errors.ts'

/** Largest download, bytes. */
const MOST_BYTES = 8 * 1024 ** 3
/** A server that sends nothing for so long is given up, milliseconds. */
const SILENCE = 60_000

type DownloadContext = Pick<BuildContext, 'cache' | 'signal' | 'say' | 'localSources'>

/** The path of a file with this SHA-256, from the cache or downloaded into it. Nothing unverified gets its name. */
export async function download(context: DownloadContext, url: string, sha256: string): Promise<string> {
  const folder = join(context.cache, 'sha256')
  const path = join(folder, sha256)
  if (existsSync(path)) {
    if ((await digest(path)) === sha256) return path
    await rm(path, { force: true })
  }
  await mkdir(folder, { recursive: true })
  const partial = join(folder, `${sha256}.${process.pid}.${Math.random().toString(36).slice(2)}.part`)
  try {
    context.say(`Downloading ${url}`)
    const found = await fetchTo(context, url, partial)
    if (found !== sha256) throw buildErrors.BUILD_HASH({ url, found, expected: sha256 })
    await rename(partial, path)
    return path
  } finally {
    await rm(partial, { force: true })
  }
}

async function fetchTo({ signal, localSources }: DownloadContext, url: string, path: string): Promise<string> {
  const hash = createHash('sha256')
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(new Error('the server went silent')), SILENCE)
  const any = AbortSignal.any([signal, silence.signal])
  let size = 0
  try {
    await pipeline(
      await openSource(url, any, localSources),
      async function* (source: AsyncIterable<Uint8Array>) {
        for await (const chunk of source) {
          clearTimeout(timer)
          timer = setTimeout(() => silence.abort(new Error('the server went silent')), SILENCE)
          size += chunk.length
          if (size > MOST_BYTES) throw new Error(`it is larger than ${MOST_BYTES} bytes`)
          hash.update(chunk)
          yield chunk
        }
      },
      createWriteStream(path, { mode: 0o640 }),
      { signal: any },
    )
  } catch (error) {
    signal.throwIfAborted()
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
    const reason = silence.signal.aborted ? messageOf(silence.signal.reason) : `${messageOf(error)}${cause}`
    throw buildErrors.BUILD_DOWNLOAD({ url, reason }, error)
  } finally {
    clearTimeout(timer)
  }
  return hash.digest('hex')
}

async function openSource(url: string, signal: AbortSignal, localSources: boolean): Promise<Readable> {
  const address = new URL(url)
  address.hash = ''
  if (address.protocol === 'file:' && localSources) return createReadStream(fileURLToPath(address))
  if (address.protocol !== 'https:') throw new Error(`${address.protocol} is not allowed here`)
  const response = await fetch(address, { signal })
  if (!response.url.startsWith('https:')) throw new Error(`it was redirected to ${response.url}`)
  if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`)
  return Readable.fromWeb(response.body)
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}
