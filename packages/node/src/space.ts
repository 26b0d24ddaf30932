import { statfs } from 'node:fs/promises'

/** What is missing where less than `minFreeBytes` is free for ourselves; undefined: there is enough. */
export async function spaceMissing(
  path: string,
  minFreeBytes: number,
): Promise<{ readonly available: string; readonly required: string } | undefined> {
  const { bavail, bsize } = await statfs(path)
  const free = bavail * bsize
  return free < minFreeBytes ? { available: humanBytes(free), required: humanBytes(minFreeBytes) } : undefined
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
