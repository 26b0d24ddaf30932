import { spawn } from 'node:child_process'
import { rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Removes a tree even when it is read-only: renamed first, so that nothing half removed looks like a release. */
export async function removeTree(path: string): Promise<void> {
  const doomed = join(dirname(path), `.removed-${process.pid}-${Math.random().toString(36).slice(2)}`)
  try {
    await rename(path, doomed)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
    throw error
  }
  // chmod does not follow links inside the tree.
  if (process.getuid?.() !== 0) await quietly('/bin/chmod', ['-R', 'u+rwX', '--', doomed])
  await rm(doomed, { recursive: true, force: true, maxRetries: 3 })
}

export async function quietly(program: string, args: readonly string[]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'ignore', env: {} })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with exit code ${code}`))))
  })
}
