import { cp, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { messageOf } from '@slapos/base'
import { runCommand } from './command.ts'
import type { BuildContext } from './context.ts'
import { download } from './download.ts'
import { buildErrors } from './errors.ts'

/** Brings the release's own files into the build directory: a directory is copied, an archive verified and unpacked. */
export async function fetchSource(context: BuildContext): Promise<void> {
  const { url, directory, localSources } = context
  const refuse = (reason: string) => buildErrors.BUILD_URL({ url, reason })
  const local = localPath(url)
  if (local !== undefined) {
    if (!localSources) throw refuse('a node builds local directories in local mode only')
    const facts = await lstat(local).catch((error) => {
      throw refuse(messageOf(error))
    })
    if (facts.isDirectory()) {
      await cp(local, directory, {
        recursive: true,
        verbatimSymlinks: true,
        filter: (path) => path === local || !['node_modules', '.git', '.slapos', '.completed'].includes(basename(path)),
      })
      return
    }
  }
  const sha256 = /#sha256=([0-9a-f]{64})$/.exec(url)?.[1]
  if (!sha256) throw refuse('it does not end in #sha256= and 64 hexadecimal digits')
  await unpack(context, await download(context, url, sha256), directory)
}

/** Unpacks an archive; a single directory at its top is left out. */
export async function unpack(context: BuildContext, archive: string, into: string): Promise<void> {
  const temporary = join(context.directory, '.build/unpack')
  await rm(temporary, { recursive: true, force: true })
  await mkdir(temporary, { recursive: true })
  await mkdir(into, { recursive: true })
  const zip = /\.zip($|[?#])/.test(context.url)
  const tar = ['tar', '--extract', '--file', archive, '--no-same-owner', '--no-same-permissions', '--directory']
  await runCommand(
    { ...context, prefix: plainPrefix },
    zip ? ['unzip', '-q', archive, '-d', temporary] : [...tar, temporary],
  )
  const entries = await readdir(temporary, { withFileTypes: true })
  const [only] = entries
  const top = entries.length === 1 && only?.isDirectory() ? join(temporary, only.name) : temporary
  for (const name of await readdir(top)) {
    await rm(join(into, name), { recursive: true, force: true })
    await rename(join(top, name), join(into, name))
  }
  await rm(temporary, { recursive: true, force: true })
}

/** Unpacking is ours: it reads the cache, which the build user does not. */
const plainPrefix = ['/bin/sh', '-c', 'umask 027; exec nice -n 10 "$@"', 'unpack']

function localPath(url: string): string | undefined {
  if (isAbsolute(url)) return url
  return url.startsWith('file:') ? fileURLToPath(new URL(url.replace(/#.*$/, ''))) : undefined
}
