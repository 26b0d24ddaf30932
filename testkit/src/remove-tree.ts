import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'

/** Removes what a test made: built releases are read-only, which stops everyone but root. */
export async function removeTree(path: string): Promise<void> {
  // chmod does not follow links inside the tree.
  if (process.getuid?.() !== 0 && existsSync(path)) execFileSync('/bin/chmod', ['-R', 'u+rwX', '--', path])
  await rm(path, { recursive: true, force: true, maxRetries: 5 })
}
