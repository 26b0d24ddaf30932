import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Artefact, archive, describe } from './artefact.ts'
import { root } from './root.ts'
import { shippedFiles } from './sources.ts'

/** The software releases that we ship, one .tgz each. */
export async function makeReleases(target: string): Promise<readonly Artefact[]> {
  const made: Artefact[] = []
  for (const name of (await readdir(join(root, 'releases'))).sort()) {
    const folder = join(root, 'releases', name)
    const manifest = await readFile(join(folder, 'release.json'), 'utf8').catch(() => undefined)
    if (manifest === undefined) continue
    const { version }: { version?: unknown } = JSON.parse(manifest)
    const draft = await mkdtemp(join(tmpdir(), 'slapos-bundle-'))
    try {
      for (const path of await shippedFiles(folder)) await cp(join(folder, path), join(draft, path))
      const path = join(target, `${name}-${version}.tgz`)
      await archive(draft, path)
      made.push({ kind: 'release', version: String(version), ...(await describe(path)) })
    } finally {
      await rm(draft, { recursive: true, force: true })
    }
  }
  return made
}
