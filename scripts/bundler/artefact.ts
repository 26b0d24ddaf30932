import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rename, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** One file of the bundle, as the manifest names it. */
export interface Artefact {
  readonly kind: 'agent' | 'node' | 'release'
  readonly file: string
  readonly version: string
  readonly size: number
  readonly sha256: string
  readonly arch?: string
  readonly binarySha256?: string
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

export async function describe(path: string): Promise<Pick<Artefact, 'file' | 'size' | 'sha256'>> {
  return { file: basename(path), size: (await stat(path)).size, sha256: await sha256Of(path) }
}

/** A .tgz that depends on names, contents and modes alone: the same sources give the same sum. */
export async function archive(directory: string, path: string): Promise<void> {
  const constant = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0', '--mode=u+rwX,go=rX']
  const draft = `${path}.tmp`
  await run('tar', [
    '--create',
    '--file',
    draft,
    '--use-compress-program',
    'gzip -n -6',
    ...constant,
    '-C',
    directory,
    '.',
  ])
  await rename(draft, path)
}
