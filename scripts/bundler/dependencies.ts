import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { root } from './root.ts'
import { NODE_PACKAGES } from './sources.ts'

/** npm packages that the shipped packages need at run time, each at its place in the tree. */
export async function dependencies(): Promise<readonly { readonly from: string; readonly to: string }[]> {
  const found = new Set<string>()
  const visit = async (folder: string): Promise<void> => {
    for (const name of await dependencyNames(folder)) {
      if (name.startsWith('@slapos/')) continue
      const place = locate(folder, name)
      if (found.has(place)) continue
      found.add(place)
      await visit(place)
    }
  }
  for (const name of NODE_PACKAGES) await visit(join(root, 'packages', name))
  return [...found].sort().map((from) => ({ from, to: relative(root, from) }))
}

async function dependencyNames(folder: string): Promise<readonly string[]> {
  const value: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  if (typeof value !== 'object' || value === null || !('dependencies' in value)) return []
  return typeof value.dependencies === 'object' && value.dependencies !== null ? Object.keys(value.dependencies) : []
}

/** As Node looks packages up: the nearest node_modules that has it. */
function locate(folder: string, name: string): string {
  for (let at = folder; at.startsWith(root); at = dirname(at)) {
    const place = join(at, 'node_modules', name)
    if (existsSync(join(place, 'package.json'))) return place
  }
  throw new Error(`${folder} needs ${name}, which is not installed`)
}
