import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * A directory and those above it. The recursive form of the built-in function never ends where the kernel answers
 * ENOENT to every creation, as in `/proc`; this one fails. Answers whether the directory was made.
 */
export async function makeDirectory(path: string, mode = 0o777): Promise<boolean> {
  try {
    await mkdir(path, { mode })
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return alreadyThere(path, error)
    if (!isCode(error, 'ENOENT') || dirname(path) === path) throw error
    await makeDirectory(dirname(path), mode)
  }
  try {
    await mkdir(path, { mode })
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return alreadyThere(path, error)
    throw error
  }
}

async function alreadyThere(path: string, cause: unknown): Promise<false> {
  const found = await stat(path).catch(() => undefined) // a link to nothing exists as well
  if (!found?.isDirectory()) throw cause
  return false
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
