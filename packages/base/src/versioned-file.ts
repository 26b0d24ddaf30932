import { readFile } from 'node:fs/promises'
import { type AtomicFileOptions, writeFileAtomic } from './atomic-file.ts'
import { catalogue, EXIT } from './errors.ts'

export const fileErrors = catalogue({
  FILE_DAMAGED: {
    status: 500,
    exit: EXIT.failure,
    what: 'cannot read {path}: {reason}',
    next: 'Restore it from a backup, or remove it to start afresh.',
  },
  FILE_TOO_NEW: {
    status: 500,
    exit: EXIT.failure,
    what: '{path} has format {found}, this program reads up to {known}',
    next: 'Run the newer version that wrote it; going back to an older one is not supported.',
  },
})

/**
 * Reads a JSON file that carries `format: N`. Accepts `known` and `known - 1`, refuses newer ones, and keeps unknown
 * fields. Returns undefined when the file does not exist.
 */
export async function readVersioned(path: string, known: number): Promise<Record<string, unknown> | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw fileErrors.FILE_DAMAGED({ path, reason: (error as Error).message }, error)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw fileErrors.FILE_DAMAGED({ path, reason: 'it does not hold a JSON object' })
  }
  const record = value as Record<string, unknown>
  const found = record['format']
  if (typeof found !== 'number' || !Number.isInteger(found) || found < 0) {
    throw fileErrors.FILE_DAMAGED({ path, reason: 'it has no format number' })
  }
  if (found > known) throw fileErrors.FILE_TOO_NEW({ path, found, known })
  if (found < known - 1) throw fileErrors.FILE_DAMAGED({ path, reason: `its format ${found} is no longer read` })
  return record
}

export async function writeVersioned(
  path: string,
  format: number,
  value: Readonly<Record<string, unknown>>,
  options?: AtomicFileOptions,
): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify({ format, ...value }, null, 2)}\n`, options)
}
