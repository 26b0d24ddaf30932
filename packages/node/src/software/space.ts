import { statfs } from 'node:fs/promises'
import { buildErrors } from './errors.ts'

/** Refuses to build where less than this is free. */
export async function checkSpace(path: string, minFreeBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(path)
  const free = bavail * bsize
  if (free < minFreeBytes) {
    throw buildErrors.BUILD_SPACE({ path, available: humanBytes(free), required: humanBytes(minFreeBytes) })
  }
}

/** `76.2 GB`: powers of 1024, one decimal. */
export function humanBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${value.toFixed(1)} ${units[unit]}`
}
