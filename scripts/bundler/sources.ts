import { createHash } from 'node:crypto'
import { glob, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './root.ts'

/** Packages that a node runs. */
export const NODE_PACKAGES = ['base', 'slap', 'release', 'node', 'cli'] as const

/** What is read by machines, not by people who write tests. */
export const isShipped = (path: string): boolean =>
  !/(^|\/)(golden|test|node_modules|dist)(\/|$)|\.test\.ts$|(^|\/)testing\.ts$/.test(path)

/** Files of a folder of the checkout, relative to it, sorted. */
export async function shippedFiles(folder: string): Promise<readonly string[]> {
  const found: string[] = []
  for await (const entry of glob('**/*', { cwd: folder, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1)
    if (entry.isFile() && isShipped(path)) found.push(path)
  }
  return found.sort()
}

/** Changes whenever a bundle made now would differ from the last one. */
export async function sourceHash(): Promise<string> {
  const hash = createHash('sha256')
  const folders = [...NODE_PACKAGES.map((name) => `packages/${name}`), 'releases', 'scripts/bundler']
  for (const folder of folders) {
    for (const path of await shippedFiles(join(root, folder))) {
      hash
        .update(`${folder}/${path}\0`)
        .update(await readFile(join(root, folder, path)))
        .update('\0')
    }
  }
  hash.update(await readFile(join(root, 'package-lock.json'))).update(await readFile(join(root, 'package.json')))
  for (const arch of ['x64', 'arm64']) {
    const binary = await stat(join(root, `node_modules/node-linux-${arch}/bin/node`)).catch(() => undefined)
    hash.update(`${arch} ${binary?.size} ${binary?.mtimeMs}\0`)
  }
  return hash.digest('hex')
}

export async function packageVersion(folder: string): Promise<string> {
  const value: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  if (typeof value === 'object' && value !== null && 'version' in value) return String(value.version)
  throw new Error(`${folder}/package.json has no version`)
}
